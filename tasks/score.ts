import { Option } from "commander";
import {
  printJson,
  printLine,
  printTable,
  readCaptions,
  runTask,
  type Task,
  taskCommand,
  UsageError,
} from "../lib/cli/mod.ts";
import {
  evaluationSettings,
  metrics,
  scoreCaptions,
  smoothingAliases,
  tokenizations,
  withoutMarkers,
} from "../lib/metrics/mod.ts";
import { type CaptionFrame, findFrames, withoutFrame } from "../lib/text/mod.ts";

const names = Object.keys(metrics);

const MARKERS = ["<start>", "<end>", "<unknown>", "<padding>", "startseq", "endseq"];

/** `deno task score`: scores captions in a file against references in another. */
async function score({ argv, progress }: Task): Promise<void> {
  const command = taskCommand("score", "Scores captions against references.")
    .requiredOption(
      "--candidates <file>",
      'JSON file of captions: {"id": "caption", …}, a list, or COCO\'s results',
    )
    .requiredOption(
      "--references <file>",
      'JSON file of true captions: {"id": ["caption", …], …}, a list, or COCO\'s annotations',
    )
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
      `words left out of candidates and references (default: ${MARKERS.join(",")}, and markers ` +
        "around nearly all captions of a file)",
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

  const say = (line: string) => progress.say(line);
  const { captions: candidates } = await readCaptions(options.candidates, "one", say);
  const { captions: references, isAnnotations } = await readCaptions(
    options.references,
    "several",
    say,
  );
  if (isAnnotations) leaveOut(references, candidates, options.references, say);
  checkIds(candidates, options.candidates, references, options.references);
  const ids = [...candidates.keys()];
  const plain = options.markers === undefined
    ? plainCaptions([[options.candidates, candidates], [options.references, references]], say)
    : (caption: string) => withoutMarkers(caption, options.markers.split(","));
  const { signature, scores } = scoreCaptions(
    ids.map((id) => plain(candidates.get(id)![0])),
    ids.map((id) => references.get(id)!.map(plain)),
    settings,
  );
  if (options.json) {
    printJson({ signature, scores });
    return;
  }
  printTable(Object.entries(scores).map(([name, value]) => [name, value.toFixed(4)]));
  printLine(signature);
}

/**
 * What takes markers off a caption: the usual ones, and those around nearly all captions of a file.
 * It is the same for both files, as a marker on one side alone would count as a wrong word.
 */
function plainCaptions(
  files: [file: string, captions: ReadonlyMap<string, string[]>][],
  say: (line: string) => void,
): (caption: string) => string {
  const usual = (caption: string) => withoutMarkers(caption, MARKERS);
  const frames: CaptionFrame[] = [];
  for (const [file, captions] of files) {
    const found = findFrames([...captions.values()].flat().map(usual));
    for (const { captions, ...frame } of found.frames) {
      frames.push(frame);
      say(
        `${captions} of ${found.captions} captions in ${file} have ${describe(frame)} around ` +
          "them: left out on both sides (--markers= keeps them)",
      );
    }
    const { doubtful } = found;
    if (doubtful !== undefined && doubtful.captions < found.captions) {
      say(
        `${doubtful.captions} of ${found.captions} captions in ${file} have ` +
          `${describe(doubtful)} around them, which count as words: --markers=` +
          `${doubtful.start},${doubtful.end} leaves them out`,
      );
    }
  }
  return (caption) => frames.reduce(withoutFrame, usual(caption));
}

function describe({ start, end }: CaptionFrame): string {
  return [start, end].filter((marker) => marker !== "").join(" and ");
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

/** COCO scores the photos that have a result: its annotations are of many more. */
function leaveOut(
  references: Map<string, string[]>,
  candidates: ReadonlyMap<string, unknown>,
  file: string,
  say: (line: string) => void,
): void {
  const others = [...references.keys()].filter((id) => !candidates.has(id));
  // Where no id is known, the files are not of the same photos: that is told as such.
  if (others.length === 0 || others.length === references.size) return;
  say(
    `${others.length} of ${references.size} photos in ${file} have no candidate and are left out, ` +
      "as in COCO's own evaluation",
  );
  for (const id of others) references.delete(id);
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

await runTask(score);
