/// <reference lib="dom" />
const WIDTH = 1080;
const MARGIN = 48;
const SIZE = 44;
const LINE = 60;

/**
 * The photo with its caption below, as PNG.
 *
 * @throws {Error} if the browser cannot show the photo
 */
export async function drawPicture(preview: string, caption: string): Promise<Blob> {
  const photo = new Image();
  photo.src = preview;
  await photo.decode();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d")!;
  const font = `500 ${SIZE}px system-ui, sans-serif`;
  context.font = font;
  const lines = wrapped(context, caption, WIDTH - 2 * MARGIN);
  const height = Math.round(WIDTH * photo.naturalHeight / photo.naturalWidth);
  canvas.width = WIDTH;
  canvas.height = height + 2 * MARGIN + lines.length * LINE;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(photo, 0, 0, WIDTH, height);
  context.fillStyle = "#16201e";
  context.font = font; // a canvas forgets it when its size is set
  context.textBaseline = "middle";
  lines.forEach((line, i) => context.fillText(line, MARGIN, height + MARGIN + (i + 0.5) * LINE));
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("no picture")), "image/png")
  );
}

function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
