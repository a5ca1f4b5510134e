import { pathToFileURL } from "node:url";
import { loadConfig } from "../../lib/config/mod.ts";
import { datasetSettings, readCaptionsFile } from "../../lib/datasets/mod.ts";
import { loadCaptioner } from "../../lib/captioner/mod.ts";
import { encoderSettings } from "../../lib/config/mod.ts";
import { createEncoder } from "../../lib/encoders/mod.ts";
import { decodePhoto, imageSettings } from "../../lib/images/mod.ts";
import { openFeaturesFile, recogniseFile } from "../../lib/interchange/mod.ts";
import { openSafetensors } from "../../lib/storage/mod.ts";
import { readNotebook } from "../../lib/notebook/check/notebook_file.ts";
import { prepareDataset } from "../datasets/prepare_files.ts";
import {
  captionerExport,
  features,
  gzipped,
  hdf5Features,
  kerasExports,
  parquetCaptions,
  photos,
  smallEncoder,
  tokenizers,
  weightsAlone,
} from "./made_files.ts";

/** Files by their path in a folder. */
export type MadeFiles = Record<string, Uint8Array>;

/** Something of the project that reads files from outside. */
export interface Reader {
  name: string;
  /** Small valid files. */
  make(): Promise<MadeFiles> | MadeFiles;
  /** Those that are damaged, one at a time. @default {all of them} */
  damaged?: readonly string[];
  /** Whether a folder, a pipe or a device never stands in a file's place. @default {false} */
  onlyContent?: boolean;
  /** Reads the files in a folder; what is said meanwhile is judged as errors are. */
  read(folder: string, file: string, say: (line: string) => void): unknown;
}

const WEIGHTS = "decoder/weights.safetensors";
const json = (value: unknown) => text(JSON.stringify(value));
const text = (content: string) => new TextEncoder().encode(content);
const PHOTOS = { "Images/a.jpg": text("a"), "Images/b.jpg": text("b"), "Images/c.jpg": text("c") };

function dataset(
  kind: string,
  files: MadeFiles,
  { name = kind, settings = {} }: { name?: string; settings?: object } = {},
): Reader {
  return {
    name,
    make: () => ({ ...PHOTOS, ...files }),
    damaged: Object.keys(files),
    read: (folder, _file, say) =>
      prepareDataset(
        datasetSettings.parse({ kind, source: folder, maxRejected: 0.9, ...settings }),
        { folder: `${folder}/data/datasets/made`, say },
      ),
  };
}

const rows: [photo: string, caption: string, split: string][] = [
  ["a.jpg", "A dog runs.", "train"],
  ["a.jpg", "One dog", "train"],
  ["b.jpg", "A cat, asleep", "val"],
  ["c.jpg", "A cow", "test"],
];
const objects = rows.map(([image, caption, split]) => ({ image, caption, split }));
const lines = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).join("\n") + "\n";
const ids = ["0123456789abcdef", "123456789abcdef0", "23456789abcdef01"];
const narratives = ids.map((image_id, i) => ({ image_id, caption: rows[i][1] }));

const tables: Record<string, Uint8Array> = {
  "captions.csv": text(
    "image,caption,split\n" + rows.map(([a, b, c]) => `${a},"${b}",${c}\n`).join(""),
  ),
  "captions.tsv": text("photo\tcaption\n" + rows.map(([a, b]) => `${a}\t${b}\n`).join("")),
  "lists.csv": text(`image,captions\na.jpg,"['A dog runs.', 'One dog']"\nb.jpg,"['A cat']"\n`),
  "rows.json": json(objects),
  "by_photo.json": json({ "a.jpg": ["A dog runs.", "One dog"], "b.jpg": ["A cat"] }),
  "by_split.json": json({ train: objects.slice(0, 2), val: objects.slice(2) }),
  "columns.json": json({
    image: rows.map(([photo]) => photo),
    caption: rows.map(([, caption]) => caption),
  }),
  "captions.jsonl": text(lines(objects)),
};

const karpathy = {
  dataset: "flickr8k",
  images: rows.map(([filename, raw, split], imgid) => ({
    imgid,
    filename,
    split,
    sentences: [{ raw, tokens: raw.split(" ") }],
  })),
};

const cocoOf = (rows: readonly string[][]) => ({
  info: { year: 2014 },
  images: rows.map(([file_name], id) => ({ id, file_name })),
  annotations: rows.map(([, caption], image_id) => ({ id: 7 + image_id, image_id, caption })),
});

const scored = {
  "by_id.json": json({ 1: "a dog", 2: "a cat on grass" }),
  "lists.json": json({ 1: ["a dog", "one dog"], 2: ["a cat"] }),
  "results.json": json([{ image_id: 1, caption: "a dog" }, { image_id: 2, caption: "a cat" }]),
  "annotations.json": json(cocoOf(rows.slice(1))),
  "list.json": json(["a dog", "a cat"]),
  "table.csv": text('file,caption\r\na.jpg,a dog\r\nb.jpg,"a cat, too"\r\n'),
  "lines.jsonl": text('{"photo":"a.jpg","caption":"a dog"}\n{"photo":"b.jpg","caption":"a cat"}\n'),
};

const CONFIG = `// A config of a test
{
  "name": "fuzz",
  "description": "made", // of nothing
  "dataset": { "kind": "folder", "source": "photos", "split": { "train": 0.8, "dev": 0.1 } },
  "encoder": { "kind": "shapes_cnn" },
  "text": { "minCount": 2 },
  "model": { "kind": "merge", "units": 8 },
  "training": { "epochs": 2, "earlyStopping": { "patience": 2 } },
  "decoding": { "beam": 3 },
  "published": { "decoding.beam": 1 },
}
`;

const notebook = {
  cells: [
    { cell_type: "markdown", metadata: {}, source: ["# Title"] },
    {
      cell_type: "code",
      metadata: {},
      source: ["const a = 1;\n", "a"],
      outputs: [],
      execution_count: 1,
    },
  ],
  metadata: { kernelspec: { name: "deno" }, language_info: { name: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
};

const recognise = (name: string, make: Reader["make"], damaged?: string[]): Reader => ({
  name: `import of ${name}`,
  make,
  damaged,
  read: (folder, file) => recogniseFile(`${folder}/${file}`, { beside: [`${folder}/${file}`] }),
});

/** All of them. */
export const readers: readonly Reader[] = [
  dataset("flickr8k", {
    "captions.txt": text("image,caption\n" + rows.map(([a, b]) => `${a},"${b}"\n`).join("")),
    "Flickr_8k.trainImages.txt": text("a.jpg\n"),
    "Flickr_8k.devImages.txt": text("b.jpg\n"),
    "Flickr_8k.testImages.txt": text("c.jpg\n"),
  }),
  dataset("flickr8k", {
    "Flickr8k.token.txt": text(rows.map(([a, b], i) => `${a}#${i}\t${b}\n`).join("")),
  }, { name: "flickr8k's tokens" }),
  dataset("flickr30k", {
    "results_20130124.token": text(rows.map(([a, b], i) => `${a}#${i}\t${b}\n`).join("")),
  }),
  dataset("flickr30k", {
    "results.csv": text(
      "image_name| comment_number| comment\n" + rows.map(([a, b]) => `${a}| 0| ${b}\n`).join(""),
    ),
  }, { name: "flickr30k of Kaggle" }),
  dataset("coco", {
    "captions_train2014.json": json(cocoOf(rows.slice(1, 2))),
    "captions_val2014.json": json(cocoOf(rows.slice(2))),
  }),
  dataset("karpathy", { "dataset_flickr8k.json": json(karpathy) }),
  dataset("multi30k", {
    "val.1.de": text("Ein Hund\nEine Katze\n"),
    "val_images.txt": text("12.jpg\n34.jpg\n"),
    "Images/12.jpg": text("d"),
    "Images/34.jpg": text("e"),
  }),
  dataset("multi30k", {
    "train.de.gz": gzipped("Ein Hund\nEine Katze\n"),
    "train.txt": text("12.jpg\n34.jpg\n"),
    "Images/12.jpg": text("d"),
    "Images/34.jpg": text("e"),
  }, { name: "multi30k compressed" }),
  ...Object.entries(tables).map(([file, bytes]) =>
    dataset("folder", { [file]: bytes }, {
      name: `folder with ${file}`,
      settings: { images: "Images" },
    })
  ),
  ...Object.entries({
    "captions.jsonl": () => text(lines(narratives)),
    "captions.csv": () =>
      text(
        "image_id,caption\n" + narratives.map((one) => `${one.image_id},${one.caption}\n`).join(""),
      ),
    "captions.parquet": () => parquetCaptions(narratives),
  }).map(([file, make]): Reader => ({
    name: `open_images with ${file}`,
    make: async () => ({
      [file]: await make(),
      ...Object.fromEntries(ids.map((id) => [`photos/${id}.jpg`, text(id)])),
    }),
    damaged: [file],
    read: (folder, _file, say) =>
      prepareDataset(
        datasetSettings.parse({
          kind: "open_images",
          source: folder,
          maxRejected: 0.9,
          images: "photos",
          bucket: { fetch: "never" },
        }),
        { folder: `${folder}/data/datasets/made`, say },
      ),
  })),
  recognise("tokenizers", tokenizers),
  recognise("features", features),
  recognise("features in HDF5", hdf5Features),
  recognise("a model in .h5", () => kerasExports("h5")),
  recognise("a model in .keras", () => kerasExports("keras")),
  recognise("weights alone", weightsAlone),
  recognise("a word list", () => ({ "words.txt": text("<pad>\nstartseq\nendseq\na\ndog\ncat\n") })),
  {
    name: "features of photos",
    make: features,
    read: async (folder, file) => {
      using opened = await openFeaturesFile(`${folder}/${file}`);
      for await (const _ of opened.entries()) { /* its numbers are checked */ }
    },
  },
  {
    name: "weights of an encoder from TF.js",
    make: () => smallEncoder(),
    read: async (folder) => {
      const weights = `${folder}/model.json`;
      (await createEncoder(encoderSettings.parse({ kind: "shapes_cnn", weights }))).dispose();
    },
  },
  {
    name: "captions to score",
    make: () => scored,
    read: async (folder, file, say) => {
      const kind = /lists|annotations/.test(file) ? "several" : "one";
      await readCaptionsFile(`${folder}/${file}`, kind, say);
    },
  },
  {
    name: "config",
    make: () => ({ "mine.jsonc": text(CONFIG) }),
    read: (folder, file, say) => loadConfig({ file: `${folder}/${file}`, published: true, say }),
  },
  {
    name: "safetensors",
    make: () => {
      const { [WEIGHTS]: bytes } = captionerExport();
      return { [WEIGHTS]: bytes };
    },
    read: (folder, path) => {
      using file = openSafetensors(`${folder}/${path}`);
      for (const name of file.tensors.keys()) file.read(name);
    },
  },
  {
    name: "export for a web page",
    make: captionerExport,
    onlyContent: true, // a browser has no pipes and devices
    read: async (folder) => (await loadCaptioner(pathToFileURL(folder))).dispose(),
  },
  {
    name: "photo",
    make: photos,
    read: async (folder, file) => {
      await decodePhoto(`${folder}/${file}`, { ...imageSettings.parse({}), imageSize: 8 });
    },
  },
  {
    name: "notebook",
    make: () => ({ "01.ipynb": json(notebook) }),
    read: (folder, file) => readNotebook(`${folder}/${file}`),
  },
];
