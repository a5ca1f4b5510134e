import type { Example } from "../api/schemas.ts";

/** A photo that the page offers for a first try. */
export interface ExamplePhoto {
  /** Its name in requests; the file beside this one is `<id>.jpg`. */
  id: string;
  /** What it shows. */
  title: string;
  /** Who took it. */
  author: string;
  /** Under which terms it may be shown. */
  licence: string;
  /** Where it was published. */
  source: string;
}

/**
 * Photos in the public domain, taken from scikit-image's sample data (`skimage.data`), whose notes
 * state author and terms; made smaller, at most 640 pixels a side.
 */
export const examplePhotos: readonly ExamplePhoto[] = [
  {
    id: "camera",
    title: "A man at a camera",
    author: "Lav Varshney",
    licence: "CC0",
    source: "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.camera",
  },
  {
    id: "cat",
    title: "Chelsea the cat",
    author: "Stéfan van der Walt",
    licence: "CC0",
    source: "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.chelsea",
  },
  {
    id: "coffee",
    title: "Cup of coffee",
    author: "Rachel Michetti, courtesy of Pikolo Espresso Bar",
    licence: "CC0",
    source: "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.coffee",
  },
  {
    id: "astronaut",
    title: "Eileen Collins, astronaut",
    author: "NASA",
    licence: "public domain",
    source: "https://flic.kr/p/r9qvLn",
  },
  {
    id: "rocket",
    title: "Falcon 9 lifts off with DSCOVR",
    author: "SpaceX",
    licence: "public domain",
    source: "https://www.flickr.com/photos/spacexphotos/16511594820/",
  },
];

/** The photos with their files, as the server takes them. */
export async function readExamplePhotos(): Promise<
  (Omit<Example, "url"> & { bytes: Uint8Array<ArrayBuffer>; type: string })[]
> {
  return await Promise.all(examplePhotos.map(async ({ id, title, author, licence, source }) => ({
    id,
    kind: "photo" as const,
    title,
    source: `${author}, ${licence}, ${source}`,
    bytes: await Deno.readFile(new URL(`${id}.jpg`, import.meta.url)),
    type: "image/jpeg",
  })));
}
