import { gzipSync } from "node:zlib";
import { loadNetwork } from "../../lib/encoders/mod.ts";
import { encoderSettings, networkOf } from "../../lib/config/mod.ts";
import { captionerJson, WEB_FILES } from "../../lib/interchange/export/captioner_json.ts";
import { writeKerasExport } from "../../lib/interchange/mod.ts";
import { writeLayersModel } from "../../lib/interchange/tfjs/write_layers_model.ts";
import { tableOf, writeTable } from "../../lib/datasets/parquet_table.ts";
import { loadSharp } from "../../lib/images/sharp.ts";
import { makeHdf5 } from "../../lib/storage/mod.ts";
import { encodeSafetensors } from "../../lib/safetensors/mod.ts";
import { tokenizerToJson, tokenizerToKeras } from "../../lib/text/mod.ts";
import { madeRun } from "../interchange/export/made_run.ts";
import { namedWeights, numberedWeights } from "../interchange/keras/weights_file.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { writePickle } from "../python/write_pickle.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import type { MadeFiles } from "./readers.ts";

const text = (content: string) => new TextEncoder().encode(content);
const WORDS = ["startseq", "endseq", "a", "dog", "cat", "runs"];
const NUMBERS = Float32Array.of(1, 2, 3, 4, 5, 6);

/** A text as gzip compresses it. */
export function gzipped(content: string): Uint8Array {
  return new Uint8Array(gzipSync(content));
}

/** A Parquet file of these rows. */
export async function parquetCaptions(
  rows: readonly { image_id: string; caption: string }[],
): Promise<Uint8Array> {
  const path = await Deno.makeTempFile({ prefix: "showtell-test-" });
  try {
    await writeTable(path, await tableOf(["image_id", "caption"], rows));
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(path);
  }
}

/** Tokenizers in every format. */
export function tokenizers(): MadeFiles {
  const { tokenizer } = madeRun({ kind: "merge" }, 3);
  const keras = tokenizerToKeras(tokenizer);
  const index = new Map(WORDS.map((word, i) => [word, i + 1]));
  return {
    "keras.json": text(keras),
    "quoted.json": text(JSON.stringify(keras)),
    "showtell.json": text(tokenizerToJson(tokenizer)),
    "wordtoix.json": text(JSON.stringify(Object.fromEntries(index))),
    "wordtoix.pkl": writePickle(index, 4),
    "wordtoix_0.pkl": writePickle(index, 0),
    "json.pkl": writePickle(keras, 2),
    "class.pkl": text(CLASS),
    "words.npy": npyOfTexts(["<pad>", ...WORDS]),
  };
}

/** A Tokenizer as protocol 0 has it. */
const CLASS = `ckeras.preprocessing.text
Tokenizer
)R(dVword_index
(dVa
I1
sVdog
I2
sVcat
I3
ssVnum_words
NsVoov_token
NsVchar_level
I00
sVlower
I01
sVsplit
V 
sVdocument_count
I2
sb.`.replace(")R", "(tR");

/** Features in every format but HDF5. */
export function features(): MadeFiles {
  const [a, b] = [npyOf("<f4", [3], NUMBERS.slice(0, 3)), npyOf("<f4", [3], NUMBERS.slice(3))];
  return {
    "features.npz": archiveOf([
      { name: "1.jpg.npy", content: a },
      { name: "2.jpg.npy", content: b, deflated: true },
    ]),
    "matrix.npz": archiveOf([
      { name: "features.npy", content: npyOf("<f4", [2, 3], NUMBERS) },
      { name: "files.npy", content: npyOfTexts(["1.jpg", "2.jpg"]) },
    ]),
    "features.pkl": pickledFeatures("<"),
    "big_endian.pkl": pickledFeatures(">"),
  };
}

/** `{"1.jpg": array([[1, 2, 3]]), …}` as protocol 2 has it. */
function pickledFeatures(order: string): Uint8Array {
  const string = (content: string) => "U" + String.fromCharCode(content.length) + content;
  const array = (at: number) =>
    "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85" + string("b") + "\x87R" +
    "(K\x01K\x01K\x03\x86cnumpy\ndtype\n" + string("f4") + "K\0K\x01\x87R(K\x03" + string(order) +
    "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89" +
    string(String.fromCharCode(...new Uint8Array(NUMBERS.buffer, at * 4, 12))) + "tb";
  const whole = `\x80\x02}(${string("1.jpg")}${array(0)}${string("2.jpg")}${array(3)}u.`;
  return Uint8Array.from(whole, (sign) => sign.charCodeAt(0));
}

/** Features in HDF5: an array a photo, and a matrix with names. */
export async function hdf5Features(): Promise<MadeFiles> {
  const single = await makeHdf5((root) => {
    root.create_dataset({ name: "1.jpg", data: NUMBERS.slice(0, 3), shape: [3] });
    root.create_dataset({ name: "2.jpg", data: NUMBERS.slice(3), shape: [3] });
  });
  const matrix = await makeHdf5((root) => {
    root.create_dataset({ name: "features", data: NUMBERS, shape: [2, 3] });
    root.create_dataset({ name: "files", data: ["1.jpg", "2.jpg"], shape: [2], dtype: "S5" });
  });
  return { "features.h5": single, "matrix.h5": matrix };
}

/** A decoder as it is exported for Keras. */
export async function kerasExports(format: "h5" | "keras"): Promise<MadeFiles> {
  const files = await inFolder((folder) =>
    writeKerasExport(folder, madeRun({ kind: "merge" }, 3), format)
  );
  return { [`decoder.${format}`]: files[`decoder.${format}`] };
}

/** Weights of the published merge decoder without its layers' config. */
export async function weightsAlone(): Promise<MadeFiles> {
  const layers: [string, Record<string, number[]>][] = [
    ["input_2", {}],
    ["input_1", {}],
    ["embedding", { embeddings: [11, 4] }],
    ["dropout", {}],
    ["dense", { kernel: [6, 5], bias: [5] }],
    ["lstm", { kernel: [4, 20], recurrent_kernel: [5, 20], bias: [20] }],
    ["add", {}],
    ["dense_1", { kernel: [5, 8], bias: [8] }],
    ["dense_2", { kernel: [8, 11], bias: [11] }],
  ];
  return {
    "named.weights.h5": await namedWeights(layers),
    "numbered.weights.h5": await numberedWeights(layers),
  };
}

/** An encoder as a TF.js layers model. */
export async function smallEncoder(): Promise<MadeFiles> {
  return await inFolder(async (folder) => {
    const { model } = await loadNetwork(networkOf(encoderSettings.parse({ kind: "shapes_cnn" })));
    await writeLayersModel(folder, model);
    model.dispose();
  });
}

/** What the captioner of a page loads, without the script. */
export function captionerExport(): MadeFiles {
  const run = madeRun({ kind: "init_inject", units: 8 }, 3);
  return {
    "captioner.json": text(captionerJson(run, undefined)),
    [WEB_FILES.weights]: encodeSafetensors(run.weights),
    [WEB_FILES.tokenizer]: text(tokenizerToJson(run.tokenizer)),
  };
}

/** A photo in each format. */
export async function photos(): Promise<MadeFiles> {
  const sharp = await loadSharp();
  const raw = { width: 12, height: 10, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: 360 }, (_, i) => (i * 7) % 256);
  const files: MadeFiles = {};
  for (const format of ["jpeg", "png", "webp", "gif", "tiff", "avif"] as const) {
    files[`photo.${format}`] = new Uint8Array(
      await sharp(pixels, { raw }).toFormat(format).toBuffer(),
    );
  }
  return files;
}

async function inFolder(write: (folder: string) => Promise<void>): Promise<MadeFiles> {
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    await write(folder);
    return await filesIn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function filesIn(folder: string, inner = ""): Promise<MadeFiles> {
  const files: MadeFiles = {};
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${inner}`)) {
    const path = inner + name;
    if (isDirectory) Object.assign(files, await filesIn(folder, `${path}/`));
    else files[path] = await Deno.readFile(`${folder}/${path}`);
  }
  return files;
}
