import { basename, dirname, join } from "node:path";
import { readTextIfAny } from "../../storage/mod.ts";
import { parseJson } from "../../text/mod.ts";

/** A model's layers without its weights, as `model.to_json()` or a `.keras` archive has them. */
export interface Architecture {
  /** The file that they are from. */
  path: string;
  /** The config, parsed. */
  config: Record<string, unknown>;
}

/**
 * A model's layers in a JSON file.
 *
 * @returns undefined if the text is something else
 */
export function architectureOf(text: string, path: string): Architecture | undefined {
  let config: unknown;
  try {
    config = parseJson(text);
    if (typeof config === "string") config = parseJson(config); // json.dump(model.to_json(), …)
  } catch {
    return undefined;
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) return undefined;
  const { class_name: kind, config: inner } = config as Record<string, unknown>;
  if (typeof kind !== "string" || typeof inner !== "object" || inner === null) return undefined;
  return "layers" in inner || Array.isArray(inner)
    ? { path, config: config as Record<string, unknown> }
    : undefined;
}

/**
 * The layers of the model whose weights a file holds alone: among other files given along with it, or
 * beside it under a name that Keras or its users give them.
 *
 * @throws {RangeError} if several of the files given are the layers of a model
 */
export async function findArchitecture(
  weights: string,
  given: readonly string[],
): Promise<Architecture | undefined> {
  const found: Architecture[] = [];
  for (const path of given) {
    if (path === weights) continue;
    const architecture = await readArchitecture(path);
    if (architecture !== undefined) found.push(architecture);
  }
  if (found.length > 1) {
    throw new RangeError(
      `${found[0].path} and ${found[1].path} are both the layers of a model: import one at a time`,
    );
  }
  if (found.length === 1) return found[0];
  for (const name of namesBeside(basename(weights))) {
    const architecture = await readArchitecture(join(dirname(weights), name));
    if (architecture !== undefined) return architecture;
  }
}

/** Keras' own name in an unzipped `.keras` archive, the weights' own, and the usual one. */
function namesBeside(weights: string): string[] {
  const stem = weights.replace(/\.[^.]*$/, "").replace(/[._-]?weights$/i, "");
  const own = stem === "" ? [] : [`${stem}.json`];
  return [
    ...new Set([...weights === "model.weights.h5" ? ["config.json"] : [], ...own, "model.json"]),
  ];
}

async function readArchitecture(path: string): Promise<Architecture | undefined> {
  if (!/\.json$/i.test(path)) return undefined;
  const text = await readTextIfAny(path);
  return text === undefined ? undefined : architectureOf(text, path);
}
