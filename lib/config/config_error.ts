import type { z } from "zod";
import { nearName, shorten, wordList } from "../text/mod.ts";
import { allowedValues, configJsonSchema, quote, schemasAt } from "./json_schema.ts";

/** An invalid config: unknown key, wrong type, value out of range. */
export class ConfigError extends Error {
  /** The name of this class. */
  override name = "ConfigError";
}

/**
 * An error with one sentence about the first problem.
 *
 * @param origin the file, for the message
 * @param options dotted keys that options set instead of the file
 */
export function configError(
  error: z.ZodError,
  value: unknown,
  origin: string,
  options: readonly string[] = [],
): ConfigError {
  const { issue, path } = innermost(error.issues[0], []);
  const key = issue.code === "unrecognized_keys" ? [...path, issue.keys[0]] : path;
  const name = key.join(".");
  const isSet = options.some((option) =>
    `${name}.`.startsWith(`${option}.`) || option.startsWith(`${name}.`)
  );
  return new ConfigError(`${isSet ? "Command line" : origin}: ${sentence(issue, path, value)}`);
}

function sentence(issue: z.core.$ZodIssue, path: PropertyKey[], value: unknown): string {
  const key = path.join(".");
  const found = at(value, path);
  const schemas = schemasAt(configJsonSchema(), value, path);
  if (issue.code === "unrecognized_keys") {
    const names = schemas.flatMap(({ properties }) => Object.keys(properties ?? {}));
    return unknownKey(issue.keys[0], key, found, names);
  }
  if (issue.code === "custom" || issue.code === "invalid_format") {
    return `"${key}" is ${shorten(quote(found))}: ${issue.message[0].toLowerCase()}${
      issue.message.slice(1)
    }`;
  }
  const is = found === undefined ? "is missing" : `is ${shorten(quote(found))}`;
  return `"${key}" ${is}; it must be ${allowedValues(schemas)}`;
}

/** Of a union's branches, the one that the value fits furthest explains the problem best. */
function innermost(
  issue: z.core.$ZodIssue,
  before: PropertyKey[],
): { issue: z.core.$ZodIssue; path: PropertyKey[] } {
  const path = [...before, ...issue.path];
  if (issue.code !== "invalid_union") return { issue, path };
  const furthest = issue.errors.map(([first]) => first)
    .filter((first) => first.path.length > 0 || first.code === "unrecognized_keys")
    .sort((a, b) => b.path.length - a.path.length)[0];
  return furthest === undefined ? { issue, path } : innermost(furthest, path);
}

function unknownKey(name: string, parent: string, object: unknown, names: string[]): string {
  const kind = (object as { kind?: unknown }).kind;
  const where = parent === "" ? "the config" : `"${parent}"`;
  const near = nearName(name, names);
  return `unknown key "${shorten(parent === "" ? name : `${parent}.${name}`)}"` +
    (near === undefined
      ? ": remove it; "
      : `; did you mean "${parent === "" ? near : `${parent}.${near}`}"? `) +
    `${where}${kind === undefined ? "" : ` of kind ${shorten(quote(kind))}`} has the keys ` +
    wordList(names, "and");
}

function at(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}
