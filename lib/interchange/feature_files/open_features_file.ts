import { checkContent, CONTENT_HEAD, openZip } from "../../storage/mod.ts";
import {
  type ByteSource,
  FileBytes,
  isNpy,
  type PickleValue,
  readNpy,
  readPickle,
} from "../../python/mod.ts";
import { checkProjectFile } from "../check_project_file.ts";
import type { FeaturesFile } from "./features_file.ts";
import { featuresInValue } from "./features_in_value.ts";
import { uncompressed } from "../uncompressed.ts";
import { openHdf5Features } from "./hdf5_features.ts";
import { npzFeatures } from "./npz_features.ts";

/**
 * Opens a file of features as Keras notebooks save them, recognised by its content:
 *
 * - a pickle of a dict of photo name → array, flat (N), (1, N), or a grid (H, W, C); of several such
 *   dicts; of a matrix and the list of its rows' names; also if gzip compressed it;
 * - `.npy` of such a dict, `.npz` with an array per photo, or with a matrix and a list of names;
 * - HDF5 with an array per photo, or with a matrix and a list of names.
 *
 * Pickles are parsed, never executed. Memory grows with the names only, not with the features.
 *
 * ```ts ignore
 * using file = await openFeaturesFile("features.pkl");
 * for await (const { name, feature } of file.entries()) console.log(name, feature.length);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if it is refused, damaged, truncated, or none of these
 * @throws {TypeError} if the elements are not floating-point numbers
 */
export async function openFeaturesFile(path: string): Promise<FeaturesFile> {
  const file = new FileBytes(path);
  let handedOver = false;
  try {
    const content = uncompressed(file);
    const head = content.readAt(0, Math.min(CONTENT_HEAD, content.size));
    checkProjectFile(path, head, "a file of features", ["HDF5", "zip", "npy", "pickle"]);
    const begins = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
    if (content !== file) checkContent(path, head, "a pickle", ["pickle", "npy"]);
    if (begins(0x89, 0x48, 0x44, 0x46)) return await openHdf5Features(path);
    if (begins(0x50, 0x4b)) return await openNpz(path);
    const close = () => file[Symbol.dispose]();
    const opened = isNpy(head)
      ? featuresInValue(dictIn(content), { path, format: "npy", close })
      : featuresInValue(readPickle(content), { path, format: "pickle", close });
    handedOver = true;
    return opened;
  } finally {
    if (!handedOver) file[Symbol.dispose]();
  }
}

async function openNpz(path: string): Promise<FeaturesFile> {
  const archive = await openZip(path);
  try {
    return await npzFeatures(archive);
  } catch (error) {
    archive[Symbol.dispose]();
    throw error;
  }
}

/** `np.save(path, dict)` writes an array of shape () whose only element is the dict. */
function dictIn(file: ByteSource): PickleValue {
  const { data, shape } = readNpy(file);
  if (Array.isArray(data) && data.length === 1) return data[0];
  throw new SyntaxError(
    `${file.name} holds an array of the shape [${shape.join(", ")}] without the photos' names: ` +
      "save np.savez(path, features=…, names=…), or a dict of photo name → array",
  );
}
