import { dirname, join } from "node:path";
import { z } from "zod";
import { exists, readInputText } from "../../storage/mod.ts";
import { parseJson, schemaProblem } from "../../text/mod.ts";
import type { Listener } from "../../progress/mod.ts";

/** Bytes of the largest file that is read. */
const LARGEST = 1e6;

/** Pillow's numbers of its ways to resample. */
const KERNELS = ["nearest", "lanczos", "bilinear", "bicubic"];

const side = z.int().min(1);
const size = z.union([
  side,
  z.object({ shortest_edge: side }),
  z.object({ height: side, width: side }),
]);
type Size = z.infer<typeof size>;

const channels = z.array(z.number()).length(3);

/** What is read of a `preprocessor_config.json`, as the library transformers writes it. */
const schema = z.object({
  do_normalize: z.boolean().default(true),
  do_rescale: z.boolean().default(true),
  do_center_crop: z.boolean().optional(),
  rescale_factor: z.number().positive().default(1 / 255),
  image_mean: channels.optional(),
  image_std: channels.optional(),
  size: size.optional(),
  crop_size: size.optional(),
  resample: z.int().min(0).max(KERNELS.length - 1).optional(),
});

/** Settings of an ONNX encoder that such a file has. */
export interface PreprocessorSettings {
  /** Pixels a side. */
  imageSize?: number;
  /** Whether a photo is cut or stretched. */
  fit?: "stretch" | "crop";
  /** How pixels are resampled. */
  kernel?: string;
  /** What bytes are multiplied by. */
  rescale?: number;
  /** Subtracted from red, green and blue. */
  mean?: number[];
  /** What red, green and blue are divided by. */
  std?: number[];
}

/**
 * How photos reach a network, from the `preprocessor_config.json` beside its ONNX file or, where that
 * is in a folder `onnx`, in the folder above.
 *
 * @returns nothing where there is no such file
 * @throws {SyntaxError} naming the file and the key, if it is damaged
 */
export async function readPreprocessor(
  weights: string,
  say: Required<Listener>["say"] = () => {},
): Promise<PreprocessorSettings> {
  const folders = [dirname(weights), join(dirname(weights), "..")];
  for (const folder of folders.slice(0, /(^|\/)onnx$/.test(folders[0]) ? 2 : 1)) {
    const path = join(folder, "preprocessor_config.json");
    if (await exists(path)) return settingsIn(await readInputText(path, LARGEST), path, say);
  }
  return {};
}

function settingsIn(
  text: string,
  path: string,
  say: Required<Listener>["say"],
): PreprocessorSettings {
  const { success, data, error } = schema.safeParse(parsed(text, path));
  if (!success) {
    const { path: keys, message } = error.issues[0];
    throw new SyntaxError(
      `${path} is not a valid preprocessor_config.json: ${
        schemaProblem({ path: keys, message })
      }; ` +
        "correct it, or set encoder.imageSize, encoder.mean and encoder.std and remove it",
    );
  }
  const { size, crop_size: crop, do_center_crop: crops = crop !== undefined } = data;
  const scaled = size === undefined ? undefined : sideOf(size, path);
  const cut = crops && crop !== undefined ? sideOf(crop, path) : undefined;
  if (cut !== undefined && scaled !== undefined && cut !== scaled) {
    say(
      `${path} scales photos to ${scaled} pixels and cuts ${cut} out of the middle: here the ` +
        `largest square of a photo is scaled to ${cut}`,
    );
  }
  const keepsShape = cut !== undefined || typeof size === "object" && "shortest_edge" in size;
  return {
    ...cut === undefined && scaled === undefined ? {} : { imageSize: cut ?? scaled },
    fit: keepsShape ? "crop" : "stretch",
    ...data.resample === undefined ? {} : { kernel: KERNELS[data.resample] },
    rescale: data.do_rescale ? data.rescale_factor : 1,
    ...data.do_normalize
      ? { mean: data.image_mean, std: data.image_std }
      : { mean: [0, 0, 0], std: [1, 1, 1] },
  };
}

function sideOf(size: Size, path: string): number {
  if (typeof size === "number") return size;
  if ("shortest_edge" in size) return size.shortest_edge;
  if (size.height === size.width) return size.height;
  throw new SyntaxError(
    `${path} has photos of ${size.height} × ${size.width} pixels: only squares are encoded`,
  );
}

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const { message } = error as Error;
    throw new SyntaxError(`${path} is not JSON (${message}): correct it`, { cause: error });
  }
}
