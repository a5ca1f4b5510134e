import { loadConfig } from "../../lib/config/mod.ts";
import { drawnJpegs, writeFlickr8k } from "./made_data.ts";
import { servePhotos } from "../datasets/open_images/photo_server.ts";

/** Settings that let any system's config run in a minute on data made here. */
const small = [
  "encoder.weights=random",
  "encoder.batchSize=8",
  "training.epochs=3",
  "training.batchSize=16",
];

/** A system's own config on made data, with random encoder weights. */
export interface MadeSystem extends AsyncDisposable {
  /** Path of the config. */
  config: string;
}

/** The configs of the five published systems. */
export const systems = [
  "open_images_200k",
  "flickr8k_callbacks",
  "flickr8k_split90",
  "flickr8k_xception",
  "flickr8k_bilstm",
];

/**
 * Writes data of the kind that a system's config reads, and that config for it.
 *
 * @param folder an existing, empty folder
 */
export async function makeSystem(name: string, folder: string): Promise<MadeSystem> {
  const source = `${folder}/source`;
  const overrides = [...small, `dataset.source=${source}`];
  let server: AsyncDisposable | undefined;
  if (name === "open_images_200k") {
    const made = await drawnJpegs(40);
    const id = (i: number) => (0x1000 + i).toString(16).padStart(16, "0");
    const photos = servePhotos({
      photos: new Map(made.map(({ photo }, i) => [`train/${id(i)}`, photo])),
    });
    server = photos;
    await Deno.mkdir(source);
    await Deno.writeTextFile(
      `${source}/captions.jsonl`,
      made.map(({ captions }, i) => JSON.stringify({ image_id: id(i), caption: captions[0] }))
        .join("\n"),
    );
    overrides.push(
      `dataset.bucket.endpoint=${photos.endpoint}`,
      `dataset.bucket.hosts=${JSON.stringify(photos.hosts)}`,
      "dataset.downloads=[]",
    );
  } else {
    await writeFlickr8k(source, 40);
  }
  const config = `${folder}/${name}.json`;
  await Deno.writeTextFile(config, JSON.stringify(await loadConfig({ file: name, overrides })));
  return { config, [Symbol.asyncDispose]: async () => await server?.[Symbol.asyncDispose]() };
}
