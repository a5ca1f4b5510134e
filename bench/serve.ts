/**
 * The service under load, beside `caption` on the same files: the answer of one client on its own,
 * many clients for a while, clients that leave at once, and SIGTERM among many.
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import { findPhotos } from "../lib/datasets/mod.ts";

const { values } = parseArgs({
  options: {
    run: { type: "string" },
    photos: { type: "string" },
    clients: { type: "string", default: "64" },
    seconds: { type: "string", default: "60" },
    leaving: { type: "string", default: "200" },
  },
});
if (values.run === undefined || values.photos === undefined) {
  throw new Error("--run: a trained run; --photos: a folder of photos");
}
const { run, photos: folder } = values;
const seconds = Number(values.seconds);
const paths = await findPhotos([folder]);
const photos = await Promise.all(paths.slice(0, 256).map((path) => Deno.readFile(path)));

const captionTask = await captionFolder();
const { child, url } = await serve();
const one = await alone();
const load = await underLoad();
const left = await leaving();
const stopped = await stopAmong();
console.log(JSON.stringify(
  {
    photos: paths.length,
    captionTaskPhotosPerSecond: captionTask,
    one,
    load: { ...load, shareOfCaptionTask: Number((load.photosPerSecond / captionTask).toFixed(2)) },
    left,
    stopped,
  },
  null,
  2,
));
Deno.exit();

function task(name: string, ...args: string[]): Deno.Command {
  const script = new URL(`../tasks/${name}.ts`, import.meta.url).pathname;
  const config = new URL("../deno.json", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", `--config=${config}`, script, ...args],
    stdout: "piped",
    stderr: "inherit",
  });
}

async function captionFolder(): Promise<number> {
  const out = await Deno.makeTempDir();
  const file = join(out, "captions.csv");
  const { stdout } = await task("caption", `--run=${run}`, folder, `--out=${file}`, "--json")
    .output();
  await Deno.remove(out, { recursive: true });
  return round(JSON.parse(new TextDecoder().decode(stdout)).photosPerSecond);
}

async function serve() {
  const child = task("serve", `--run=${run}`, "--port=0", "--json").spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  return { child, url: JSON.parse(value!).url as string };
}

function formOf(photo: number): FormData {
  const form = new FormData();
  form.append("photos", new Blob([photos[photo % photos.length]]), `${photo}.jpg`);
  return form;
}

/** Asks for one photo's captions as a client of its own. */
async function ask(photo: number, signal?: AbortSignal): Promise<Response> {
  return await fetch(`${url}api/captions`, { method: "POST", body: formOf(photo), signal });
}

/** Milliseconds until the first word and the whole answer of one photo after another, medians. */
async function alone() {
  const first: number[] = [], whole: number[] = [];
  for (let photo = 0; photo < 30; photo++) {
    const began = performance.now();
    const answer = await fetch(`${url}api/captions`, {
      method: "POST",
      headers: { Accept: "text/event-stream" },
      body: formOf(photo),
    });
    let text = "";
    let isFirst = true;
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (!isFirst || !text.includes("event: word")) continue;
      isFirst = false;
      first.push(performance.now() - began);
    }
    whole.push(performance.now() - began);
  }
  return {
    firstWord: quantiles(first),
    whole: quantiles(whole),
  };
}

async function underLoad() {
  const statuses: Record<number, number> = {};
  const waits: number[] = [];
  const memory: number[] = [];
  let withoutRetry = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  const watch = setInterval(async () => memory.push(await residentMegabytes()), 5000);
  await Promise.all(
    Array.from({ length: Number(values.clients) }, async (_, client) => {
      for (let photo = client; performance.now() < end; photo += Number(values.clients)) {
        const asked = performance.now();
        const answer = await ask(photo);
        await answer.body?.cancel();
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status === 200) waits.push(performance.now() - asked);
        else if (!answer.headers.has("Retry-After")) withoutRetry++;
      }
    }),
  );
  clearInterval(watch);
  const photosPerSecond = round(waits.length / (performance.now() - began) * 1000);
  return { statuses, withoutRetry, photosPerSecond, milliseconds: quantiles(waits), memory };
}

/** What is captioned of many photos whose clients leave at once. */
async function leaving() {
  const before = await captioned();
  const count = Number(values.leaving);
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      ask(i, AbortSignal.timeout(50)).then(
        (answer) => answer.body?.cancel(),
        () => undefined,
      )),
  );
  const gone = performance.now();
  while (await metric("showtell_queued_photos") > 0) await delay(10);
  return {
    clients: count,
    captioned: await captioned() - before,
    idleAfterMilliseconds: Math.round(performance.now() - gone),
  };
}

/** What clients get of requests under way when the server is told to stop. */
async function stopAmong() {
  const statuses: Record<string, number> = {};
  const asked = Array.from({ length: Number(values.clients) }, (_, i) =>
    ask(i).then(
      async (answer) => {
        await answer.text();
        return String(answer.status);
      },
      () => "not answered",
    ));
  while (await metric("showtell_queued_photos") < 8) await delay(1);
  child.kill("SIGTERM");
  const told = performance.now();
  let ready = 200;
  while (ready === 200) {
    const answer = await fetch(`${url}readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    ready = answer?.status ?? 0;
  }
  const notReadyAfter = Math.round(performance.now() - told);
  for (const status of await Promise.all(asked)) statuses[status] = (statuses[status] ?? 0) + 1;
  const { code } = await child.status;
  return { statuses, readyz: ready, notReadyAfterMilliseconds: notReadyAfter, code };
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${url}metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1) ?? 0);
}

async function captioned(): Promise<number> {
  const text = await (await fetch(`${url}metrics`)).text();
  return text.split("\n").filter((line) => line.startsWith("showtell_batch_photos_sum"))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

async function residentMegabytes(): Promise<number> {
  return Math.round(await metric("showtell_process_resident_memory_bytes") / 1e6);
}

function quantiles(numbers: number[]) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
  return sorted.length === 0 ? {} : { median: at(0.5), p95: at(0.95), most: at(1) };
}

function round(number: number): number {
  return Number(number.toPrecision(3));
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
