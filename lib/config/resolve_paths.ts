import { isAbsolute, resolve } from "node:path";
import type { Config } from "./config.ts";
import { configJsonSchema, type JsonSchema, schemasAt } from "./json_schema.ts";
import { isThere } from "../storage/mod.ts";

type Plain = Record<string, unknown>;

/**
 * Makes a config's relative paths absolute. Schemas declare by `.meta({ path: … })` which settings
 * are paths:
 * - `"any"`: a path, unless it is a web address
 * - `"source"`: a path in the folder `source` beside it if it exists there, otherwise any path
 * - a list: a path, unless it is one of these words
 *
 * @param folder where relative paths start
 */
export function resolvePaths(config: Config, folder: string): Config {
  const schema = configJsonSchema();
  const resolveIn = (object: Plain, path: string[]): Plain => {
    const resolved: Plain = {};
    for (const [key, value] of Object.entries(object)) {
      const here = [...path, key];
      resolved[key] = isPlain(value)
        ? resolveIn(value, here)
        : typeof value === "string" && isPath(value, schemasAt(schema, config, here), object)
        ? resolve(folder, value)
        : value;
    }
    return resolved;
  };
  const isPath = (value: string, schemas: JsonSchema[], { source }: Plain): boolean => {
    const mark = schemas.find(({ path }) => path !== undefined)?.path;
    if (mark === undefined || isAbsolute(value) || /^https?:\/\//i.test(value)) return false;
    if (mark === "source") return !isThere(resolve(folder, String(source), value));
    return mark === "any" || !mark.includes(value);
  };
  return resolveIn(config, []) as Config;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
