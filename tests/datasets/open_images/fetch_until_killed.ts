/** Brings the photos of a JSON file's `ids` into a folder; the server's address comes last. */
import { fetchPhotos } from "../../../lib/datasets/open_images/fetch_photos.ts";
import { bucketSettings } from "../../../lib/datasets/open_images/settings.ts";

const [idsFile, folder, endpoint] = Deno.args;
const bucket = bucketSettings.parse({
  endpoint,
  hosts: [new URL(endpoint).host],
  retries: 10,
  retryDelay: 0.005,
  stallTimeout: 0.5,
  concurrency: 8,
});
const ids = JSON.parse(await Deno.readTextFile(idsFile));
const fates = await fetchPhotos(ids, folder, { bucket, resize: false, allowed: 0 }, {});
console.log(JSON.stringify([...fates]));
