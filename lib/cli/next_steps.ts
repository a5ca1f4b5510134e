import { basename, relative } from "node:path";
import { DEFAULT_CONFIG } from "../config/mod.ts";
import type { SampleCaption } from "../stages/mod.ts";
import { shellWord } from "../text/mod.ts";

/** What training printed last: captions to read, and what can be done with the run. */
export interface NextSteps {
  /** The run's folder. */
  run: string;
  /** The config that opens it in a notebook; undefined where options changed the config. */
  config?: string;
  /** Captions of dev photos. */
  samples: readonly SampleCaption[];
  /** Whether no epoch was better than the last: more may help. */
  lastIsBest: boolean;
  /** Epochs done. */
  epochs: number;
}

/** Lines that show a trained run's captions, and the commands that make use of it. */
export function nextSteps({ run, config, samples, lastIsBest, epochs }: NextSteps): string[] {
  const photo = samples.length === 0 ? "PHOTO.jpg" : shellWord(here(samples[0].photo));
  const name = shellWord(basename(run));
  const notebooks = "jupyter lab notebooks/05_evaluate.ipynb";
  const steps = [
    ["caption photos", `deno task caption --run=${name} ${photo}`],
    ["try it in a browser", `deno task serve --run=${name}`],
    ...config === undefined ? [] : [[
      "see captions beside photos",
      config === DEFAULT_CONFIG ? notebooks : `SHOWTELL_CONFIG=${shellWord(config)} ${notebooks}`,
    ]],
    ["look at the run", `deno task runs show ${name}`],
    ["compare it with another", `deno task runs compare ${name} OTHER`],
    ...lastIsBest
      ? [["train longer", `the same command with --training.epochs=${2 * epochs}`]]
      : [],
  ];
  return [
    ...samples.length === 0 ? [] : ["Captions of dev photos, on which the best epoch is chosen:"],
    ...samples.flatMap(({ photo, caption, references }) => [
      `  ${basename(photo)}`,
      `    the run:  ${caption === "" ? "(no words)" : caption}`,
      `    a person: ${references[0]}`,
    ]),
    ...samples.length === 0 ? [] : [""],
    "Next:",
    ...steps.flatMap(([what, command]) => [`  ${what}:`, `    ${command}`]),
  ];
}

/** A path as seen from the working folder, if it is in it. */
function here(path: string): string {
  const inner = relative(".", path);
  return inner.startsWith("..") ? path : inner;
}
