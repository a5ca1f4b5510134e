/// <reference lib="dom" />
import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** Of the photo, whose shape the shade has. */
  size: { width: number; height: number };
  rows: number;
  columns: number;
  /** Whether the regions are those of the whole photo, or of its central square. */
  fit: "stretch" | "crop";
  /** 0 to 1, row by row. */
  regions: readonly number[];
}

/** How dark the photo gets where nothing was looked at. */
const DARKEST = 0.76;

/** Its colour, RGB. */
const SHADE = [8, 14, 18];

/** Longer side in pixels; the browser scales it up. */
const SIDE = 320;

/** Shade over a photo that is fitted into the same frame. */
export function Spotlight({ size, rows, columns, fit, regions }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = SIDE / Math.max(size.width, size.height);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  useEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    const side = Math.min(width, height);
    const [across, down] = fit === "crop" ? [side, side] : [width, height];
    const [left, top] = [(width - across) / 2, (height - down) / 2];
    context.fillStyle = `rgb(${SHADE.join(" ")} / ${DARKEST})`;
    context.clearRect(0, 0, width, height);
    context.fillRect(0, 0, width, height);
    context.clearRect(left, top, across, down);
    context.imageSmoothingQuality = "high";
    context.drawImage(shadeOf(rows, columns, regions), left, top, across, down);
  }, [width, height, rows, columns, fit, regions]);
  return <canvas ref={canvas} class="spotlight" width={width} height={height} aria-hidden="true" />;
}

/** One pixel a region, the darker the less it was looked at. */
function shadeOf(rows: number, columns: number, regions: readonly number[]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d")!;
  const pixels = context.createImageData(columns, rows);
  const top = Math.max(...regions) || 1; // each word by its own scale, else weak ones stay black
  regions.forEach((value, i) => {
    const shade = Math.round(255 * DARKEST * (1 - Math.max(0, value) / top));
    pixels.data.set([...SHADE, shade], 4 * i);
  });
  context.putImageData(pixels, 0, 0);
  return canvas;
}
