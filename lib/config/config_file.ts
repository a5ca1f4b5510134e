import { basename, resolve } from "node:path";
import { ConfigError } from "./config_error.ts";
import { nearName } from "../text/mod.ts";
import { parseJsonc } from "./parse_jsonc.ts";

/** Name of the config that is used where none is given. */
export const DEFAULT_CONFIG = "shapes";

/** A config file as it stands, its values not checked yet. */
export interface ConfigFile {
  /** What it holds. */
  value: Record<string, unknown>;
  /** The file, for messages. */
  origin: string;
}

const bundledFolder = new URL("../../configs/", import.meta.url);
const SUFFIX = ".jsonc";

/**
 * Reads a config: one of those in `configs/` by its name, wherever the program runs, or any file
 * (JSON, with comments or without) by its path.
 *
 * @param config a path if it ends in `.json` or `.jsonc` or has a folder in it, otherwise a name
 * @param folder where a relative path starts
 * @throws {ConfigError} if there is none, or it is not valid JSON with comments
 */
export async function readConfigFile(config: string, folder = "."): Promise<ConfigFile> {
  const isPath = /[/\\]|\.jsonc?$/.test(config);
  const origin = isPath ? config : `configs/${config}${SUFFIX}`;
  const text = await readText(
    isPath ? resolve(folder, config) : new URL(config + SUFFIX, bundledFolder),
    config,
  );
  let value: unknown;
  try {
    value = parseJsonc(text);
  } catch (error) {
    throw new ConfigError(`${origin} is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${origin} holds no JSON object`);
  }
  return { value: value as Record<string, unknown>, origin };
}

/** Names of the configs in `configs/`, sorted. */
export async function bundledConfigs(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(bundledFolder)) {
    if (name.endsWith(SUFFIX)) names.push(name.slice(0, -SUFFIX.length));
  }
  return names.sort();
}

async function readText(file: string | URL, config: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw await noSuchConfig(config);
    }
    if ((error as { code?: string }).code === "EISDIR") {
      throw new ConfigError(`The config ${config} is a folder: name a JSON file`);
    }
    throw error;
  }
}

async function noSuchConfig(config: string): Promise<ConfigError> {
  const names = await bundledConfigs();
  const near = nearName(basename(config).replace(/\.jsonc?$/, ""), names);
  return new ConfigError(
    `There is no config "${config}"; ${near === undefined ? "" : `did you mean ${near}? `}` +
      `configs/ has ${names.slice(0, -1).join(", ")} and ${names.at(-1)}; ` +
      "name a file of your own by its path, such as ./mine.jsonc",
  );
}
