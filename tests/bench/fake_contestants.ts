import { join } from "node:path";
import type { MeasureRowsOptions } from "../../bench/all/measure_rows.ts";
import type { Row } from "../../bench/all/rows.ts";

/** Two rows: the second is no encoder's, so that no plot shows it. */
export const rows: Row[] = [
  {
    name: "training, batch 64",
    work: "training",
    figure: "wordsPerSecond",
    unit: "words/s",
    values: { batch: "64" },
    label: "training 64",
  },
  {
    name: "features to captions",
    work: "decoding",
    figure: "captionsPerSecond",
    unit: "captions/s",
    values: {},
  },
];

const machine = { processor: "Test", cores: 2, memoryGigabytes: 8, library: "TensorFlow 2" };

/**
 * Contestants that are a shell script: each call appends `name` to a list of calls, and prints the
 * next of its lines, which stand in `name.lines`.
 */
export class FakeContestants implements AsyncDisposable {
  readonly folder: string;
  readonly options: MeasureRowsOptions;
  /** What was said. */
  readonly said: string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.options = {
      out: join(folder, "out"),
      rows,
      contestants: {
        ours: this.#works("ours"),
        "Keras float32": this.#works("keras"),
        "Keras bfloat16": { training: "{python} x.py" },
      },
      machine,
      sizes: { rounds: 3, steps: 1, photos: 1, captionsFile: "c", imagesFolder: "i" },
      values: {},
      cwd: folder,
      say: (line) => void this.said.push(line),
    };
  }

  static async create(): Promise<FakeContestants> {
    const fake = new FakeContestants(await Deno.makeTempDir({ prefix: "showtell-bench-" }));
    const script = `echo $1 >> calls
n=$(grep -c "^$1$" calls)
line=$(sed -n "\${n}p" $1.lines)
case "$line" in
  fail*) echo Traceback >&2; echo "$line" >&2; exit 3;;
  *) echo begins; echo "$line";;
esac
`;
    await Deno.writeTextFile(join(fake.folder, "fake.sh"), script);
    await Deno.mkdir(fake.options.out);
    return fake;
  }

  /** What calls of `name` print, in turn; an error is told by a line that begins with `fail`. */
  async prints(name: string, ...lines: (Record<string, number | string> | string)[]) {
    const texts = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line));
    await Deno.writeTextFile(join(this.folder, `${name}.lines`), texts.join("\n") + "\n");
    await Deno.remove(join(this.folder, "calls")).catch(() => {});
  }

  /** Who was called, in this order. */
  async calls(): Promise<string[]> {
    const text = await Deno.readTextFile(join(this.folder, "calls")).catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  async [Symbol.asyncDispose]() {
    await Deno.remove(this.folder, { recursive: true });
  }

  #works(name: string): Record<string, string> {
    return {
      training: `sh fake.sh ${name}_training {batch}`,
      decoding: `sh fake.sh ${name}_decoding`,
    };
  }
}

/** Lines of a figure. */
export function figures(figure: string, ...values: number[]): Record<string, number>[] {
  return values.map((value) => ({ [figure]: value }));
}
