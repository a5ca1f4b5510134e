import {
  type ImportedModel,
  importTokenizer,
  writeKerasExport,
} from "../../../lib/interchange/mod.ts";
import { encoderSettings } from "../../../lib/config/mod.ts";
import { decodingSettings } from "../../../lib/decoding/mod.ts";
import { KerasTokenizer } from "../../../lib/text/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { runPython } from "./keras_python.ts";
import type { Found } from "./compare.ts";

/** A vocabulary of the size that make_models.py has: index 1 begins, 2 ends. */
export function kerasTokenizer(): KerasTokenizer {
  const keras = new KerasTokenizer({});
  keras.fitOnTexts([
    "startseq a b c d e endseq",
    "startseq f g h i j endseq",
  ]);
  return keras;
}

/** Imported models that are exported again, for one process of Keras that captions with all of them. */
export class Exports {
  readonly #folder: string;
  readonly #list: { family: string; path: string; features: number[][] }[] = [];
  readonly #expected: { label: string; captions: Found["captions"] }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Exports a model in both formats: the archive for Keras 3, the older file for Keras 2, if the
   * model is of it, and for Keras 3, if the card says so.
   *
   * @param behind whether captions are compared only where padding is behind the words
   */
  async add(name: string, model: ImportedModel, found: Found, behind = false): Promise<void> {
    const { settings, weights, featureShape } = model;
    const file = { path: "", format: "Keras JSON" as const, keras: kerasTokenizer() };
    const { tokenizer } = importTokenizer(file);
    for (const format of ["keras", "h5"] as const) {
      const folder = `${this.#folder}/${name}.${format}`;
      await Deno.mkdir(folder);
      await writeKerasExport(folder, {
        name,
        description: "Imported from Keras",
        model: settings,
        weights,
        tokenizer,
        featureShape,
        encoder: encoderSettings.parse({ kind: "shapes_cnn" }),
        decoding: decodingSettings.parse({ beam: 1, maxLength: 7 }),
        evaluations: {},
      }, format);
      const card = await Deno.readTextFile(`${folder}/README.md`);
      const inKeras3 = !card.includes("Needs Keras 2 (for Keras 3");
      for (const family of ["keras", "tf_keras"]) {
        const opens = family === "keras" ? inKeras3 : format === "h5";
        const isOther = family === "tf_keras" && name.startsWith("keras_"); // takes too long
        if (!opens || isOther) continue;
        const path = `${folder}/decoder.${format}`;
        this.#list.push({ family, path, features: found.features });
        const captions = found.captions.filter((_, i) => !behind || i % 2 === 1);
        this.#expected.push({ label: `${name}.${format} in ${family}, ${behind}`, captions });
      }
    }
  }

  /** Asserts that every export's captions are those of the model that was imported. */
  async check(): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/exports.json`, JSON.stringify(this.#list));
    await runPython("caption_exports.py", this.#folder);
    const all: Found["captions"][] = JSON.parse(
      await Deno.readTextFile(`${this.#folder}/captions.json`),
    );
    assert(all.length > 0, "no model was exported");
    assertEquals(all.length, this.#expected.length);
    for (const [i, { label, captions }] of this.#expected.entries()) {
      const behind = captions.length < all[i].length;
      assertEquals(all[i].filter((_, j) => !behind || j % 2 === 1), captions, label);
    }
  }
}
