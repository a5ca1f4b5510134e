import { join } from "node:path";
import { Random } from "../../random/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import {
  lockFolder,
  removeLeftovers,
  sha256,
  writeFileWhole,
  writeFolderWhole,
} from "../../storage/mod.ts";
import { eachOf } from "../each_of.ts";
import { digestPhotos } from "../photo_digests.ts";
import { drawScene } from "./drawing.ts";
import { randomScenes, type Scene } from "./scene.ts";

/** Folder of the photos in the data set's. */
export const PHOTOS = "photos";

/** All that decides the photos of a data set of shapes. */
export interface PhotoSettings {
  /** Train photos. */
  train: number;
  /** Dev photos. */
  dev: number;
  /** Test photos. */
  test: number;
  /** Photos of each split at most. */
  limit?: number;
  /** Of the scenes. */
  seed: number;
  /** Side of a photo in pixels. */
  size: number;
  /** Standard deviation of the pixel noise, of 255. */
  noise: number;
}

/** A photo to draw. */
export interface Drawing {
  /** Its file's name. */
  photo: string;
  /** What it is used for. */
  split: "train" | "dev" | "test";
  /** What is on it. */
  scene: Scene;
}

interface DrawContext extends Omit<Listener, "say"> {
  /** Of the data set. */
  folder: string;
}

/** The photos of a data set, in order. */
export function planDrawings(settings: PhotoSettings): Drawing[] {
  return (["train", "dev", "test"] as const).flatMap((split) => {
    const count = Math.min(settings[split], settings.limit ?? Infinity);
    return randomScenes(count, new Random(settings.seed, "shapes", split)).map((scene, index) => ({
      photo: `${split}_${String(index + 1).padStart(5, "0")}.jpg`,
      split,
      scene,
    }));
  });
}

/** Draws all photos into a folder that is renamed when complete; returns their digests. */
export async function drawPhotos(
  drawings: readonly Drawing[],
  { size, noise }: PhotoSettings,
  { folder, onProgress, signal }: DrawContext,
): Promise<string[]> {
  const final = join(folder, PHOTOS);
  const digests: string[] = [];
  const drawn = new Map<string, string>();
  let done = 0;
  const draw = async ({ photo, scene }: Drawing, index: number, made: string) => {
    signal?.throwIfAborted();
    const bytes = await drawScene(scene, { size, noise });
    digests[index] = sha256(bytes);
    const twin = drawn.get(digests[index]);
    if (twin !== undefined) {
      throw new Error(`${twin} and ${photo} are the same photo: choose another dataset.seed`);
    }
    drawn.set(digests[index], photo);
    await Deno.writeFile(join(made, photo), bytes);
    onProgress?.("Photos", ++done, drawings.length);
  };
  using _lock = await lockFolder(final);
  await writeFolderWhole(
    final,
    (made) => eachOf(drawings, 8, (drawing, index) => draw(drawing, index, made)),
    { replace: true },
  );
  return digests;
}

/**
 * Draws those photos again that are gone or altered.
 *
 * @param digests SHA-256 of each photo as it was drawn, by name
 * @returns how many were drawn; undefined if one cannot be drawn as it was, and then that one is left
 */
export async function redrawPhotos(
  digests: ReadonlyMap<string, string>,
  settings: PhotoSettings,
  { folder, signal }: DrawContext,
): Promise<number | undefined> {
  const photos = join(folder, PHOTOS);
  const found = await digestPhotos(photos, [...digests.keys()], { signal });
  const isAltered = (photo: string) => found.get(photo) !== digests.get(photo);
  if (!digests.keys().some(isAltered)) return 0;
  await removeLeftovers(photos);
  const altered = planDrawings(settings).filter(({ photo }) => isAltered(photo));
  let isSame = true;
  await eachOf(altered, 8, async ({ photo, scene }) => {
    signal?.throwIfAborted();
    const bytes = await drawScene(scene, settings);
    if (sha256(bytes) !== digests.get(photo)) isSame = false;
    else await writeFileWhole(join(photos, photo), bytes);
  });
  return isSame ? altered.length : undefined;
}
