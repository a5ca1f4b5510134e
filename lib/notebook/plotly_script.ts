/** Under what the browser keeps it; another version of plotly.js needs another name. */
const KEPT_AS = "plotly-cartesian 4.1.1";

/**
 * Statements, for a script on the page, that define `showtell`, unless an earlier output has:
 * `showtell.draw(figure)` draws at once or as soon as plotly.js is there, `showtell.unpack(packed)`
 * runs it. Once unpacked it is kept in the browser, so that a notebook opened without outputs, or
 * another one, finds it without network.
 */
export const PAGE_SCRIPT = `window.showtell ??= (() => {
  const waiting = [];
  const drawAll = () => { for (const draw of waiting.splice(0)) draw(); };
  const answer = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const kept = async (mode) => {
    const opened = indexedDB.open("showtell", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("scripts");
    return (await answer(opened)).transaction("scripts", mode).objectStore("scripts");
  };
  let running;
  const run = (packed) => running ??= unpacked(packed).then(drawAll);
  const unpacked = async (packed) => {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    // With require.js, which nbconvert's pages have, it would define no global of its own.
    script.textContent = "(function (module, exports, define) {" +
      await new Response(stream).text() + "\\n})();";
    document.head.append(script);
  };
  let isAsked = false;
  return {
    draw(draw) {
      if (window.Plotly) return draw();
      waiting.push(draw);
      if (isAsked) return;
      isAsked = true;
      // Browsers may refuse to keep anything: then the still picture stays.
      kept("readonly").then((store) => answer(store.get("${KEPT_AS}")))
        .then((packed) => packed && run(packed)).catch(() => {});
    },
    unpack(packed) {
      run(packed);
      kept("readwrite").then((store) => answer(store.put(packed, "${KEPT_AS}"))).catch(() => {});
    },
  };
})();`;

/** The script element that brings plotly.js to the page: 0.7 MB, compressed. */
export async function plotlyScript(): Promise<string> {
  return `<script>${PAGE_SCRIPT}
showtell.unpack("${await packed()}");</script>`;
}

async function packed(): Promise<string> {
  const { default: source } = await import("plotly.js-cartesian-dist-min/plotly-cartesian.min.js", {
    with: { type: "text" },
  }) as unknown as { default: string };
  const stream = new Blob([source]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer()).toBase64();
}
