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
  /** Sets what the file's `published` lists; the name then ends in `_published`. Default false. */
  published?: boolean;
}

/** The default experiment. */
export const DEFAULT_CONFIG = new URL("../../configs/shapes.json", import.meta.url);

/**
 * Reads a config file, puts overrides over it and checks the whole.
 *
 * A file that stands for a published system may have a list `published`: dotted keys with the
 * values that bring the published behaviour back, faults included, where asked for.
 *
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export async function loadConfig(
  { base, file, overrides = [], name, published = false }: ConfigOrigin,
): Promise<Config> {
  const origin = base ? "The run's config" : file ?? "configs/shapes.json";
  const value: Record<string, unknown> = base
    ? structuredClone(base)
    : parse(await readText(file ?? DEFAULT_CONFIG), origin);
  const asPublished = takePublished(value, origin);
  if (published) {
    if (asPublished.length === 0) {
      throw new ConfigError(`${origin} stands for no published system: leave --published out`);
    }
    value.name = `${value.name}_published`;
  }
  const set = [...published ? asPublished : [], ...overrides.map(parseOverride)];
  // First of all: the keys of another kind mean nothing to this one.
  for (const { path, value: kind } of set) if (path.at(-1) === "kind") startKind(value, path, kind);
  for (const override of set) applyOverride(value, override);
  if (name !== undefined) value.name = name;
  return parseConfig(value, origin, set.map(({ path }) => path.join(".")));
}

/**
 * Checks a config and fills in its defaults.
 *
 * @param origin where it came from, for the message
 * @param options dotted keys that were set by options instead
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export function parseConfig(
  value: unknown,
  origin: string,
  options: readonly string[] = [],
): Config {
  const result = configSchema.safeParse(value);
  if (!result.success) throw configError(result.error, value, origin, options);
  return result.data;
}

async function readText(file: string | URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new ConfigError(`There is no config ${file}; those that come along lie in configs/`);
    }
    if ((error as { code?: string }).code === "EISDIR") {
      throw new ConfigError(`The config ${file} is a folder: name a JSON file`);
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
  if (!isPlain(value)) throw new ConfigError(`${origin} holds no JSON object`);
  return value;
}

/** Takes the list `published` out of a file's config. */
function takePublished(config: Record<string, unknown>, origin: string): Override[] {
  const { published = {} } = config;
  delete config.published;
  if (!isPlain(published)) {
    throw new ConfigError(
      `${origin}: "published" is ${JSON.stringify(published)}, not an object of dotted keys`,
    );
  }
  return Object.entries(published).map(([key, value]) => ({ path: key.split("."), value }));
}

interface Override {
  path: string[];
  value: unknown;
}

function parseOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) throw new ConfigError(`"--${text}" has no value: write --${text}=VALUE`);
  return { path: text.slice(0, equals).split("."), value: valueOf(text.slice(equals + 1)) };
}

/** Empties the part of a config whose kind becomes another. */
function startKind(config: Record<string, unknown>, path: string[], kind: unknown): void {
  const part = path.slice(0, -1).reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    config,
  );
  if (!isPlain(part) || part.kind === undefined || part.kind === kind) return;
  for (const key of Object.keys(part)) delete part[key];
}

function applyOverride(config: Record<string, unknown>, { path, value }: Override): void {
  let inner = config;
  for (const key of path.slice(0, -1)) {
    // An override may give fields to what the file switches off with false.
    if (!isPlain(inner[key])) inner[key] = {};
    inner = inner[key] as Record<string, unknown>;
  }
  inner[path.at(-1)!] = value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
