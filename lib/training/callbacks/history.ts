import { z } from "zod";
import { explainWriteError, readTextIfAny, writeFileWhole } from "../../storage/mod.ts";
import type { Callback, CallbackState, Logs, TrainingControl } from "../callback.ts";
import type { CallbackKind } from "./callback_kind.ts";

/** A line of `history.jsonl`: the epoch, counted from 0, and its figures. */
export type HistoryLine = { epoch: number } & Logs;

/** Options of {@linkcode History}. */
export interface HistoryOptions {
  /** The JSON-lines file; its folder is made where it is missing. */
  path: string;
  /** Milliseconds of a clock that only goes forward. @default {performance.now} */
  now?: () => number;
}

interface HistoryState {
  /** The lines written, without their seconds: equal trainings have equal checkpoints. */
  lines: HistoryLine[];
  /** The epoch that has begun and has no line yet. */
  epochUnderWay: number | null;
  /** How long it has taken. */
  seconds: number;
}

const untouched = { epochUnderWay: null, seconds: 0 };

/**
 * Writes one JSON line an epoch: epoch, the logs, `learning_rate` and `seconds`.
 *
 * A resumed training first writes the file again as the checkpoint knows it, and counts the seconds
 * of an epoch under way from where they stood. Figures that are not finite are
 * written as null. List it after callbacks that add to the logs, and before
 * ModelCheckpoint, whose checkpoint then knows this epoch's line.
 */
export class History implements Callback {
  /** Set another name where a training has two of them. */
  name = "History";
  readonly #path: string;
  readonly #now: () => number;
  #control?: TrainingControl;
  #began = 0;
  #clock: Omit<HistoryState, "lines"> = untouched;

  /** The lines written or kept so far. */
  lines: HistoryLine[] = [];

  /** Writes nothing yet. */
  constructor(options: HistoryOptions) {
    this.#path = options.path;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Empties the file, or writes it as the checkpoint knows it. */
  async onTrainBegin(control: TrainingControl, state?: CallbackState): Promise<void> {
    this.#control = control;
    const { lines, ...clock }: HistoryState = {
      lines: [],
      ...untouched,
      ...state?.json as HistoryState | undefined,
    };
    this.#clock = clock;
    const found = lines.length === 0 ? [] : await linesIfAny(this.#path);
    const isKept = (line: HistoryLine, i: number) =>
      JSON.stringify(withoutSeconds(found[i])) === JSON.stringify(line);
    this.lines = lines.map((line, i) => isKept(line, i) ? found[i]! : { ...line, seconds: NaN });
    if (!lines.every(isKept)) {
      control.say(
        `${this.#path} is not as it was written: it is written again from the checkpoint, which does ` +
          "not tell the seconds of an epoch",
      );
    }
    await writeFileWhole(
      this.#path,
      this.lines.map((line) => JSON.stringify(line) + "\n").join(""),
    );
  }

  /** Starts the epoch's clock, or continues it where the epoch is resumed. */
  onEpochBegin(epoch: number): void {
    const { epochUnderWay, seconds } = this.#clock;
    this.#began = this.#now() - (epochUnderWay === epoch ? seconds * 1000 : 0);
    this.#clock = { ...this.#clock, epochUnderWay: epoch };
  }

  /**
   * Appends the epoch's line.
   *
   * @throws {Error} if the line cannot be written; the file is then as it was
   */
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    logs.learning_rate ??= this.#control!.learningRate;
    logs.seconds ??= Math.round(this.#now() - this.#began) / 1000;
    const line = { epoch, ...logs };
    await appendWhole(this.#path, JSON.stringify(line) + "\n");
    this.lines.push(line);
    this.#clock = untouched;
  }

  /** The lines written, and how long the epoch under way has taken. */
  state(): CallbackState {
    const { epochUnderWay } = this.#clock;
    const seconds = epochUnderWay === null ? 0 : (this.#now() - this.#began) / 1000;
    const lines = this.lines.map((line) => withoutSeconds(line)!);
    return { json: { lines, epochUnderWay, seconds } satisfies HistoryState };
  }
}

/**
 * The lines of a `history.jsonl`; none where there is no such file. A last line without its end,
 * left by a writer that was killed, is skipped.
 *
 * @throws {SyntaxError} if another line is not JSON, naming file and line
 */
export async function readHistory(path: string): Promise<HistoryLine[]> {
  const text = await readTextIfAny(path) ?? "";
  return text.split("\n").slice(0, -1).map((line, i) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new SyntaxError(`${path}:${i + 1} is not a line of JSON; remove that line`);
    }
  });
}

function withoutSeconds(line: HistoryLine | undefined): HistoryLine | undefined {
  if (line === undefined || line === null) return undefined;
  const { seconds: _, ...others } = line;
  return others as HistoryLine;
}

/** The lines of a file that may be damaged; undefined where one is not JSON. */
async function linesIfAny(path: string): Promise<(HistoryLine | undefined)[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").map((line) => {
    try {
      return JSON.parse(line);
    } catch {
      return undefined;
    }
  });
}

/** Appends in one write; where that fails half-way the file is cut back to what it was. */
async function appendWhole(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { append: true, create: true }).catch((error) => {
    throw explainWriteError(error, path);
  });
  const { size } = await file.stat();
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  } catch (error) {
    await file.truncate(size);
    throw explainWriteError(error, path);
  }
}

/** {@linkcode History}, which every training has. */
export const history: CallbackKind<z.ZodUndefined> = {
  settings: z.undefined(),
  reports: () => ["learning_rate", "seconds"],
  create: (_settings, paths) => new History({ path: paths.history }),
};
