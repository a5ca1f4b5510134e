import { z } from "zod";
import { Random } from "../random/mod.ts";
import { digestJson } from "../storage/mod.ts";
import { readDatasetTable } from "./dataset_folder.ts";
import { drawPhotos, PHOTOS, planDrawings, redrawPhotos } from "./shapes/draw_photos.ts";
import { sceneCaptions } from "./shapes/grammar.ts";
import { mainObject } from "./shapes/main_object.ts";
import type { Scene } from "./shapes/scene.ts";
import {
  type CaptionRow,
  type DatasetSource,
  type PrepareContext,
  type PreparedDataset,
  sharedSettings,
  type TableRow,
} from "./dataset_source.ts";

const settings = z.strictObject({
  kind: z.literal("shapes").describe("photos drawn from a seed"),
  train: z.int().min(40).default(2000).describe("train photos; every colour of every shape occurs"),
  dev: z.int().min(1).default(200).describe("dev photos"),
  test: z.int().min(1).default(300).describe("test photos"),
  size: z.int().min(32).max(512).default(96).describe("side of a photo in pixels"),
  noise: z.number().min(0).max(64).default(6).describe(
    "standard deviation of the pixel noise, of 255",
  ),
  ...sharedSettings,
});

type Settings = z.infer<typeof settings>;

/** Photos drawn from a seed, each with five captions from a grammar. */
export const shapesSource: DatasetSource<typeof settings> = {
  settings,

  open: (settings, context) =>
    Promise.resolve({
      // Raise this number when the drawing changes.
      fingerprint: () => Promise.resolve(digestJson({ shapes: 1 })),
      prepare: () => drawDataset(settings, context),
      redraw: (digests) => redrawPhotos(digests, settings, context),
    }),

  async metric(folder, photos) {
    const rows = (await readDatasetTable(folder, "scenes")).toRecords() as TableRow[];
    const scenes = new Map(rows.map((row) => [row.photo, sceneOf(row)]));
    return mainObject(photos.map((photo) => {
      const scene = scenes.get(photo);
      if (scene === undefined) {
        throw new RangeError(
          `${photo} is not in scenes.parquet of ${folder}: delete the folder and prepare it again`,
        );
      }
      return scene;
    }));
  },
};

async function drawDataset(settings: Settings, context: PrepareContext): Promise<PreparedDataset> {
  const drawings = planDrawings(settings);
  const digests = await drawPhotos(drawings, settings, context);
  const captions: CaptionRow[] = drawings.flatMap(({ photo, scene, split }, index) =>
    sceneCaptions(scene, new Random(scene.seed, "captions"))
      .map((caption) => ({ photo, digest: digests[index], caption, split }))
  );
  return {
    kind: "shapes",
    photoFolder: PHOTOS,
    captions,
    rejected: [],
    rows: captions.length,
    tables: { scenes: drawings.map(({ photo, scene }) => sceneRow(photo, scene)) },
  };
}

function sceneRow(photo: string, { second, ...scene }: Scene): TableRow {
  return {
    photo,
    ...scene,
    secondShape: second?.shape ?? "",
    secondColour: second?.colour ?? "",
  };
}

/** The scene in a row of scenes.parquet. */
export function sceneOf(row: TableRow): Scene & { photo: string } {
  const { secondShape, secondColour, ...scene } = row;
  const second = secondShape === "" ? null : { shape: secondShape, colour: secondColour };
  return { ...scene, second } as Scene & { photo: string };
}
