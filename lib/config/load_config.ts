import { parseJson, shorten } from "../text/mod.ts";
import { type Config, configSchema } from "./config.ts";
import { ConfigError, configError } from "./config_error.ts";
import { completeOnnx } from "./complete_onnx.ts";
import { DEFAULT_CONFIG, readConfigFile } from "./config_file.ts";

/** Where a config comes from. */
export interface ConfigOrigin {
  /** An existing config, such as a run's, used instead of a file. */
  base?: Config;
  /**
   * Name of a config in `configs/`, or path of a JSON file with or without comments.
   *
   * @default {"shapes"}
   */
  file?: string;
  /** Where `file` starts if it is a relative path. @default {the working folder} */
  folder?: string;
  /**
   * `training.epochs=3`: a dotted key and a value (JSON, otherwise text), over the file's;
   * `decoding.consensus=default` gives a key its default, as if the file had not set it.
   */
  overrides?: string[];
  /** Replaces the file's name. */
  name?: string;
  /**
   * Applies the file's `published`; the name then ends in `_published`.
   *
   * @default {false}
   */
  published?: boolean;
  /** Told each setting that `published` restores. */
  say?: (line: string) => void;
}

/**
 * Reads a config file, applies overrides and checks the result.
 *
 * A file that reproduces a published system may have an object `published`: dotted keys with the
 * values that restore the published behaviour, faults included, if asked for.
 *
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export async function loadConfig(
  { base, file = DEFAULT_CONFIG, folder, overrides = [], name, published = false, say }:
    ConfigOrigin,
): Promise<Config> {
  const { value, origin } = base
    ? { value: structuredClone<Record<string, unknown>>(base), origin: "The run's config" }
    : await readConfigFile(file, folder);
  const asPublished = takePublished(value, origin);
  if (published) {
    if (asPublished.length === 0) {
      throw new ConfigError(
        `${origin} does not reproduce a published system: leave out --published`,
      );
    }
    value.name = `${value.name}_published`;
    say?.(`As published, with these settings of ${origin}:`);
    for (const { path, value } of asPublished) {
      say?.(`  ${path.join(".")}=${shorten(JSON.stringify(value), 200)}`);
    }
  }
  const options = overrides.map(parseOverride);
  const set = [...published ? asPublished : [], ...options];
  // Kinds come first: keys of the old kind mean nothing to the new one.
  for (const { path, value: kind } of set) {
    if (path.at(-1) === "kind") resetKind(value, path, kind);
  }
  for (const override of set) applyOverride(value, override);
  if (name !== undefined) value.name = name;
  await completeOnnx(value, folder ?? ".", say);
  return parseConfig(value, origin, [
    ...options.map(({ path }) => path.join(".")),
    ...name === undefined ? [] : ["name"],
  ]);
}

/**
 * Checks a config and fills in its defaults.
 *
 * @param origin where it came from, for the message
 * @param options dotted keys that options set instead
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

/** Removes `published` from a file's config and returns its overrides. */
function takePublished(config: Record<string, unknown>, origin: string): Override[] {
  const { published = {} } = config;
  delete config.published;
  if (!isPlain(published)) {
    throw new ConfigError(
      `${origin}: "published" is ${
        shorten(JSON.stringify(published))
      }, not an object of dotted keys`,
    );
  }
  return Object.entries(published).map(([key, value]) => ({ path: key.split("."), value }));
}

interface Override {
  path: string[];
  /** Undefined: the key's default. */
  value: unknown;
}

function parseOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) throw new ConfigError(`"--${text}" has no value: write --${text}=VALUE`);
  return { path: text.slice(0, equals).split("."), value: valueOf(text.slice(equals + 1)) };
}

/** Empties the part of a config whose kind changes. */
function resetKind(config: Record<string, unknown>, path: string[], kind: unknown): void {
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
    // An override may set fields of what the file switches off with false.
    if (!isPlain(inner[key])) inner[key] = {};
    inner = inner[key] as Record<string, unknown>;
  }
  if (value === undefined) delete inner[path.at(-1)!];
  else inner[path.at(-1)!] = value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueOf(text: string): unknown {
  if (text === "default") return undefined;
  if (/^-?\.\d+$/.test(text)) return Number(text); // as people write it, though JSON does not
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
