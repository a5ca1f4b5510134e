import { Option } from "commander";
import {
  printJson,
  printScores,
  readScoredCaptions,
  runTask,
  type ScoredFiles,
  type ScoreResult,
  type Task,
  taskCommand,
  UsageError,
  usualMarkers,
} from "../lib/cli/mod.ts";
import { readDocumentsFile } from "../lib/datasets/mod.ts";
import {
  bootstrapIntervals,
  CaptionScorer,
  describeCandidates,
  type EvaluationSettings,
  evaluationSettings,
  metrics,
  pairedBootstrap,
  smoothingAliases,
  type Tokenization,
  tokenizations,
} from "../lib/metrics/mod.ts";

const names = Object.keys(metrics);

/** `deno task score`: scores captions in a file against references in another. */
async function score({ argv, progress }: Task): Promise<void> {
  const command = taskCommand("score", "Scores captions against references.")
    .requiredOption(
      "--candidates <file>",
      'captions in JSON, {"id": "caption", …}, a list or COCO\'s results; or in CSV, TSV or JSON ' +
        "lines with photo and caption, as the task caption and evaluations write them",
    )
    .requiredOption(
      "--references <file>",
      'true captions in JSON, {"id": ["caption", …], …}, a list, COCO\'s annotations or ' +
        "Karpathy's; or in CSV, TSV, text such as Flickr8k's or JSON lines, a row of photo and " +
        "caption each",
    )
    .option("--metrics <list>", `which of ${names.join(",")}`, names.join(","))
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
      `words left out of candidates and references (default: ${
        usualMarkers.join(",")
      }, and markers ` +
        "around nearly all captions of a file)",
    )
    .option(
      "--document-frequencies <file>",
      "with cider-d: file of captions in which photos are counted that have an n-gram, as " +
        "--references has them; of Karpathy's JSON its train photos (default: the references of the " +
        "scored photos)",
    )
    .option("--intervals", "95 % confidence intervals, by the bootstrap over photos", false)
    .option(
      "--compare <file>",
      "other captions of the same photos: their scores, and the paired bootstrap test of each " +
        "difference",
    )
    .option("--per-photo", "the scores of each photo too", false)
    .option("--json", "write {signature, scores, …} as JSON", false);
  command.parse(argv, { from: "user" });
  const options = command.opts<ScoreOptions>();
  const settings = settingsOf(options, (name) => command.getOptionValueSource(name) === "cli");
  const say = (line: string) => progress.say(line);
  const { candidates, references, compared, plain } = await readScoredCaptions(options, say);
  const ids = [...candidates.keys()];
  const captionsOf = (all: ReadonlyMap<string, string[]>) =>
    ids.map((id) => plain(all.get(id)![0]));
  const documents = options.documentFrequencies === undefined
    ? undefined
    : await readDocumentsFile(options.documentFrequencies, say);
  const scorer = new CaptionScorer(ids.map((id) => references.get(id)!.map(plain)), settings, {
    documents: documents?.map((captions) => captions.map(plain)),
  });
  const { bootstrap } = settings;
  const captions = captionsOf(candidates);
  const scores = scorer.corpus(captions);
  const others = compared === undefined ? undefined : captionsOf(compared);
  const result: ScoreResult = {
    signature: scorer.signature,
    scores,
    ...options.intervals
      ? { intervals: bootstrapIntervals(scorer.sampler(captions), ids.length, bootstrap) }
      : {},
    statistics: describeCandidates(captions, { tokenize: options.tokenize }),
    ...others === undefined ? {} : {
      compared: {
        scores: scorer.corpus(others),
        differences: pairedBootstrap(
          scorer.sampler(captions),
          scorer.sampler(others),
          ids.length,
          bootstrap,
        ),
      },
    },
    ...options.perPhoto
      ? { photos: Object.fromEntries(scorer.captions(captions).map((each, i) => [ids[i], each])) }
      : {},
  };
  if (ids.length === 1 && "cider-d" in scores && documents === undefined) {
    say(
      "CIDEr-D of a single photo is 0: with its own references alone no n-gram is rarer than " +
        "another; --document-frequencies counts them in more captions",
    );
  }
  if (options.json) printJson(result);
  else printScores(result);
}

interface ScoreOptions extends ScoredFiles {
  metrics: string;
  definition: "coco" | "nltk";
  weights?: string;
  smoothing: string;
  tokenize: Tokenization;
  documentFrequencies?: string;
  intervals: boolean;
  perPhoto: boolean;
  json: boolean;
}

/** @param isGiven whether an option is on the command line */
function settingsOf(
  { metrics, tokenize, definition, smoothing, weights, documentFrequencies }: ScoreOptions,
  isGiven: (name: string) => boolean,
): EvaluationSettings {
  const settings = evaluationSettings.parse({
    metrics: parseMetrics(metrics),
    ...Object.fromEntries(names.map((name) => [name, { tokenize }])),
    "cider-d": { tokenize, documentFrequencies },
    bleu: {
      definition,
      smoothing,
      tokenize,
      weights: weights === undefined ? undefined : parseWeights(weights),
    },
  });
  if (definition === "coco") {
    for (const [name, value] of Object.entries({ weights, smoothing })) {
      if (isGiven(name) && value !== "none") {
        throw new UsageError(`--${name} needs --definition nltk: COCO's has no ${name}`);
      }
    }
  }
  return settings;
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

await runTask(score);
