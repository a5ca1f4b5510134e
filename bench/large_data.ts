/**
 * Large data in constant memory: the real stages of the config open_images_200k on made captions
 * (mean 35 words, longest 237, vocabulary 15,817), each size in a process of its own.
 *
 * Prints the cost per caption. A second, small data set in the same process separates it from what a
 * stage costs at any size (writing the vocabulary, reading a checkpoint): (cost of all - cost of the
 * small one) / (captions of all - captions of the small one). An untimed pass before excludes what is
 * compiled or opened at first use (TensorFlow, operations, JavaScript); it does what
 * `deno task train` does, once, and memory is measured on it. Training and validation are measured on
 * the same number of captions at every size, after an untimed epoch on the same ones.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { figurePage, startBrowser } from "../lib/notebook/mod.ts";
import type { Figure } from "../lib/plots/mod.ts";
import { exists, writeFileWhole } from "../lib/storage/mod.ts";
import type { Cost } from "./large_data/clock.ts";
import { largeDataFigures } from "./large_data/figures.ts";

const LIMIT = 2.5e9;

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,10000,100000,200000" },
    out: { type: "string", default: "data/bench" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    json: { type: "boolean", default: false },
  },
});
const out = resolve(values.out);
const sizes = values.sizes.split(",").map(Number);
if (sizes.some((size) => !(size >= 1000))) {
  throw new RangeError(`--sizes=${values.sizes}: each must be at least 1000`);
}

/** What bench/large_data/measure.ts prints. */
interface Measured {
  captions: number;
  base: number;
  vocabulary: number;
  longest: number;
  meanWords: number;
  costs: Record<"base" | "whole", Record<string, Cost>>;
  training: { train: Cost; validate: Cost; longestStep: Cost };
  peaks: Record<string, number>;
  peak: number;
}

await Deno.mkdir(out, { recursive: true });
const measured: Measured[] = [];
for (const size of sizes) {
  const folder = await Deno.makeTempDir({ prefix: "large_data-" });
  try {
    // Small sizes several times: their times are short.
    const rounds = String(Math.ceil(20_000 / size));
    const common = ["--folder", folder, "--captions", String(size)];
    await run(["make", ...common]);
    const baseRounds = size < 100_000 ? "10" : "3"; // beside large data they hardly count
    const measure = ["measure", ...common, "--rounds", rounds, "--base-rounds", baseRounds];
    const text = await run(measure);
    measured.push(JSON.parse(text.trim().split("\n").at(-1)!));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  console.error(`${size} captions: peak ${(measured.at(-1)!.peak / 1e9).toFixed(2)} GB`);
}
const perCaption = { cpu: costsOfACaption("cpu"), wall: costsOfACaption("wall") };
const figures = largeDataFigures(sizes, perCaption.cpu, measured.map(({ peak }) => peak), LIMIT);
await writeFileWhole(join(out, "large_data.plotly.json"), JSON.stringify(figures) + "\n");
await writeFileWhole(join(out, "large_data.json"), JSON.stringify(measured, null, 2) + "\n");
const picture = join(out, "large_data.png");
await draw(figures, picture);
if (values.json) {
  console.log(JSON.stringify({
    sizes,
    secondsPerCaption: {
      cpu: Object.fromEntries(perCaption.cpu),
      wall: Object.fromEntries(perCaption.wall),
    },
    peaks: measured.map(({ peak }) => peak),
  }));
} else {
  printTables();
}
Deno.exit();

/** Runs measure.ts and gives what it printed. */
async function run(args: string[]): Promise<string> {
  const script = new URL("./large_data/measure.ts", import.meta.url).pathname;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", script, ...args],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`measure.ts ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

/** Seconds a caption of each stage, at each size. */
function costsOfACaption(clock: keyof Cost): Map<string, number[]> {
  const stages = Object.keys(measured[0].costs.whole);
  return new Map([
    ...stages.map((stage) =>
      [
        stage,
        measured.map(({ captions, base, costs }) =>
          (costs.whole[stage][clock] - costs.base[stage][clock]) / (captions - base)
        ),
      ] as [string, number[]]
    ),
    ...(["train", "validate"] as const).map((stage) =>
      [
        stage,
        measured.map(({ training }) => training[stage][clock]),
      ] as [string, number[]]
    ),
  ]);
}

function printTables(): void {
  for (const [clock, words] of [["cpu", "processor"], ["wall", "wall clock"]] as const) {
    console.log(`\nMilliseconds a caption (${words}), and the largest over the smallest`);
    console.log(row("stage", [...sizes.map(String), "ratio"]));
    for (const [stage, seconds] of perCaption[clock]) {
      const ratio = Math.max(...seconds) / Math.min(...seconds);
      const cells = seconds.map((each) => (each * 1000).toPrecision(3));
      console.log(row(stage, [...cells, ratio.toFixed(2)]));
    }
  }
  console.log("\nMost memory in use, MB");
  console.log(row("stage", sizes.map(String)));
  for (const stage of Object.keys(measured[0].peaks)) {
    console.log(row(stage, measured.map(({ peaks }) => (peaks[stage] / 1e6).toFixed(0))));
  }
  console.log(row("all", measured.map(({ peak }) => (peak / 1e6).toFixed(0))));
  const { vocabulary, longest, meanWords } = measured.at(-1)!;
  console.log(
    `\nVocabulary ${vocabulary}, longest ${longest}, mean ${meanWords.toFixed(1)} words; ` +
      `step of 64 captions as long as the longest: ` +
      `${measured.at(-1)!.training.longestStep.wall.toFixed(1)} s`,
  );
  console.log(picture);
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(16) + cells.map((cell) => cell.padStart(10)).join("");
}

async function draw(figures: Figure[], path: string): Promise<void> {
  if (!await exists(values.chromium)) {
    return console.error(`No picture: there is no browser ${values.chromium}`);
  }
  const browser = await startBrowser(values.chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 820, height: 790 } });
    await page.setContent(await figurePage(figures, "Large data"), { waitUntil: "load" });
    await page.locator(".main-svg").first().waitFor();
    await page.waitForTimeout(500);
    await writeFileWhole(path, await page.screenshot({ fullPage: true }));
  } finally {
    await browser.close();
  }
}
