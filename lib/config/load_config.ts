import { type Config, configSchema } from "./config.ts";
import { ConfigError, configError } from "./config_error.ts";

/** Where a config comes from. */
export interface ConfigOrigin {
  /** A config that is there already, such as a run's; then no file is read. */
  base?: Config;
  /** A JSON file; the embedded default, `configs/shapes.json`, without it. */
  file?: string;
  /** `training.epochs=3`: a dotted key and a value (JSON, otherwise text), over the file's. */
  overrides?: string[];
  /** Replaces the file's name. */
  name?: string;
}

/** The default experiment. */
export const DEFAULT_CONFIG = new URL("../../configs/shapes.json", import.meta.url);

/**
 * Reads a config file, puts overrides over it and checks the whole.
 *
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export async function loadConfig(
  { base, file, overrides = [], name }: ConfigOrigin,
): Promise<Config> {
  const origin = base ? "The run's config" : file ?? "configs/shapes.json";
  const value: Record<string, unknown> = base
    ? structuredClone(base)
    : parse(await readText(file ?? DEFAULT_CONFIG), origin);
  for (const override of overrides) applyOverride(value, override);
  if (name !== undefined) value.name = name;
  return parseConfig(value, origin);
}

/**
 * Checks a config and fills in its defaults.
 *
 * @param origin where it came from, for the message
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export function parseConfig(value: unknown, origin: string): Config {
  const result = configSchema.safeParse(value);
  if (!result.success) throw configError(result.error, value, origin);
  return result.data;
}

async function readText(file: string | URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new ConfigError(`There is no config ${file}; those that come along lie in configs/`);
    }
    throw error;
  }
}

function parse(text: string, origin: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${origin} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${origin} holds no JSON object`);
  }
  return value as Record<string, unknown>;
}

function applyOverride(config: Record<string, unknown>, override: string): void {
  const equals = override.indexOf("=");
  if (equals < 1) {
    throw new ConfigError(`"--${override}" has no value: write --${override}=VALUE`);
  }
  const path = override.slice(0, equals).split(".");
  let inner = config;
  for (const key of path.slice(0, -1)) {
    const next = inner[key];
    // An override may give fields to what the file switches off with false.
    if (typeof next !== "object" || next === null || Array.isArray(next)) inner[key] = {};
    inner = inner[key] as Record<string, unknown>;
  }
  inner[path.at(-1)!] = valueOf(override.slice(equals + 1));
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
