import { Option } from "commander";
import { printTable, runTask, taskCommand, UsageError } from "../lib/cli/mod.ts";
import {
  evaluationSettings,
  metrics,
  scoreCaptions,
  smoothingAliases,
  tokenizations,
  withoutMarkers,
} from "../lib/metrics/mod.ts";
import { isNotFound } from "../lib/storage/mod.ts";

const names = Object.keys(metrics);

/** `deno task score`: scores captions in a file against references in another. */
export async function score(argv: string[]): Promise<void> {
  const command = taskCommand("score", "Scores captions against references.")
    .requiredOption("--candidates <file>", 'JSON file of captions: {"id": "caption", …}')
    .requiredOption("--references <file>", 'JSON file of true captions: {"id": ["caption", …], …}')
    .option("--metrics <list>", `which of ${names.join(",")}`, "bleu")
    .addOption(
      new Option("--definition <name>", "definition of BLEU").choices(["coco", "nltk"]).default(
        "coco",
      ),
    )
    .option(
      "--weights <list>",
      "with nltk: weights of 1-grams, 2-grams, …, such as 0.5,0.5 for BLEU-2; separate several " +
        "lists by ; (default: equal weights, BLEU-1 to BLEU-4)",
    )
    .addOption(
      new Option("--smoothing <name>", "with nltk: how precisions of 0 are smoothed")
        .choices(smoothingAliases).default("none"),
    )
    .addOption(
      new Option("--tokenize <name>", "how captions are split into words").choices(tokenizations)
        .default("words"),
    )
    .option(
      "--markers <words>",
      "words left out of candidates and references",
      "<start>,<end>,<unknown>,<padding>,startseq,endseq",
    )
    .option("--json", "write {signature, scores} as JSON", false);
  command.parse(argv, { from: "user" });
  const options = command.opts<Record<string, string>>();

  const { tokenize } = options;
  const settings = evaluationSettings.parse({
    metrics: parseMetrics(options.metrics),
    ...Object.fromEntries(names.map((name) => [name, { tokenize }])),
    bleu: {
      definition: options.definition,
      smoothing: options.smoothing,
      tokenize,
      weights: options.weights === undefined ? undefined : parseWeights(options.weights),
    },
  });
  if (options.definition === "coco") {
    for (const name of ["weights", "smoothing"]) {
      if (command.getOptionValueSource(name) === "cli" && options[name] !== "none") {
        throw new UsageError(`--${name} needs --definition nltk: COCO's has no ${name}`);
      }
    }
  }

  const markers = options.markers.split(",");
  const candidates = await readCaptions(options.candidates, "string");
  const references = await readCaptions(options.references, "strings");
  checkIds(candidates, options.candidates, references, options.references);
  const ids = [...candidates.keys()];
  const { signature, scores } = scoreCaptions(
    ids.map((id) => withoutMarkers(candidates.get(id)!, markers)),
    ids.map((id) => references.get(id)!.map((caption) => withoutMarkers(caption, markers))),
    settings,
  );
  if (options.json) {
    console.log(JSON.stringify({ signature, scores }));
    return;
  }
  printTable(Object.entries(scores).map(([name, value]) => [name, value.toFixed(4)]));
  console.log(signature);
}

function parseMetrics(text: string): string[] {
  const wanted = text.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (!names.includes(name)) {
      throw new UsageError(
        `--metrics: found "${name}", expected one or more of ${names.join(",")}`,
      );
    }
  }
  return wanted;
}

function parseWeights(text: string): number[][] {
  return text.split(";").map((list) =>
    list.split(",").map((item) => {
      const fraction = /^\s*(\d*\.?\d+(?:e-?\d+)?|\d+\.)(?:\/(\d+))?\s*$/i.exec(item);
      if (fraction === null || fraction[2] === "0") {
        throw new UsageError(
          `--weights: found "${item}", expected numbers such as 0.25,0.25,0.25,0.25 or 1/3,1/3,1/3`,
        );
      }
      return Number(fraction[1]) / Number(fraction[2] ?? 1);
    })
  );
}

type Captions<Kind> = Kind extends "string" ? string : string[];

async function readCaptions<Kind extends "string" | "strings">(
  file: string,
  kind: Kind,
): Promise<Map<string, Captions<Kind>>> {
  const text = await Deno.readTextFile(file).catch((error) => {
    const reason = isNotFound(error) ? "no such file" : error.message;
    throw new Error(`Cannot read ${file}: ${reason}`, { cause: error });
  });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new SyntaxError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const what = kind === "string" ? "a caption" : "a list of one or more captions";
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new SyntaxError(`${file} must hold an object that maps each id to ${what}`);
  }
  const isText = (value: unknown) => typeof value === "string";
  for (const [id, value] of Object.entries(json)) {
    const fits = kind === "string"
      ? isText(value)
      : Array.isArray(value) && value.length > 0 && value.every(isText);
    if (!fits) {
      throw new SyntaxError(
        `${file}: expected ${what} for "${id}", found ${JSON.stringify(value).slice(0, 40)}`,
      );
    }
  }
  return new Map(Object.entries(json));
}

function checkIds(
  candidates: ReadonlyMap<string, unknown>,
  candidatesFile: string,
  references: ReadonlyMap<string, unknown>,
  referencesFile: string,
): void {
  const lacks = (
    [ids, file]: [ReadonlyMap<string, unknown>, string],
    [others, otherFile]: [ReadonlyMap<string, unknown>, string],
  ) => {
    const missing = [...ids.keys()].filter((id) => !others.has(id));
    if (missing.length === 0) return;
    const some = missing.slice(0, 3).map((id) => `"${id}"`).join(", ");
    throw new RangeError(
      `${missing.length} of ${ids.size} ids in ${file} are not in ${otherFile}, such as ${some}; ` +
        "both files must have the same ids",
    );
  };
  lacks([candidates, candidatesFile], [references, referencesFile]);
  lacks([references, referencesFile], [candidates, candidatesFile]);
  if (candidates.size === 0) throw new RangeError(`${candidatesFile} has no captions`);
}

if (import.meta.main) await runTask(score);
