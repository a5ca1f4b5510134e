import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { digestJson, isNotFound, readInputText } from "../storage/mod.ts";
import { nearName, wordList } from "../text/mod.ts";
import { ConfigError } from "./config_error.ts";
import { parseJsonc } from "./parse_jsonc.ts";

/** Name of the config that is used if none is given. */
export const DEFAULT_CONFIG = "shapes";

/** A config file's content, not checked yet. */
export interface ConfigFile {
  /** Its value. */
  value: Record<string, unknown>;
  /** The file, for messages. */
  origin: string;
}

const BUNDLED_FOLDER = new URL("../../configs/", import.meta.url);
const SUFFIX = ".jsonc";

/** Bytes of the longest config that is read; the longest in `configs/` has a few thousand. */
const LARGEST = 1e6;

/**
 * Reads a config: one of those in `configs/` by its name, from any working folder, or any file
 * (JSON, with or without comments) by its path.
 *
 * @param config a path if it ends in `.json` or `.jsonc` or contains a slash, otherwise a name
 * @param folder where a relative path starts
 * @throws {ConfigError} if it does not exist or is not valid JSON with comments
 */
export async function readConfigFile(config: string, folder = "."): Promise<ConfigFile> {
  const isPath = /[/\\]|\.jsonc?$/.test(config);
  const origin = isPath ? config : `configs/${config}${SUFFIX}`;
  const text = await readText(
    isPath ? resolve(folder, config) : fileURLToPath(new URL(config + SUFFIX, BUNDLED_FOLDER)),
    config,
  );
  let value: unknown;
  try {
    value = parseJsonc(text);
  } catch (error) {
    throw new ConfigError(
      `${origin} is not valid JSON: ${(error as Error).message}: correct it there`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${origin} is not a JSON object: put the config in { }`);
  }
  return { value: withoutChecksum(value as Record<string, unknown>, origin), origin };
}

/** A run's `config.json` is a config as well, with its version and its checksum beside the keys. */
function withoutChecksum(
  value: Record<string, unknown>,
  origin: string,
): Record<string, unknown> {
  if (typeof value.format !== "number" || typeof value.sha256 !== "string") return value;
  const { sha256, ...record } = value;
  const { format: _, ...config } = record;
  if (sha256 === digestJson(record)) return config;
  throw new ConfigError(
    `${origin} is not as it was written: give the config that made the run, or delete "format" and ` +
      '"sha256" in a copy of it that you have looked through',
  );
}

/** Names of the configs in `configs/`, sorted. */
export async function bundledConfigs(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(BUNDLED_FOLDER)) {
    if (name.endsWith(SUFFIX)) names.push(name.slice(0, -SUFFIX.length));
  }
  return names.sort();
}

async function readText(file: string, config: string): Promise<string> {
  try {
    return await readInputText(file, LARGEST);
  } catch (error) {
    if (isNotFound(error)) throw await noSuchConfig(config);
    throw new ConfigError((error as Error).message.replace(file, () => config), { cause: error });
  }
}

async function noSuchConfig(config: string): Promise<ConfigError> {
  const names = await bundledConfigs();
  const near = nearName(basename(config).replace(/\.jsonc?$/, ""), names);
  return new ConfigError(
    `There is no config "${config}"; ${near === undefined ? "" : `did you mean ${near}? `}` +
      `configs/ has ${wordList(names, "and")}; ` +
      "for a file of your own give its path, such as ./mine.jsonc",
  );
}
