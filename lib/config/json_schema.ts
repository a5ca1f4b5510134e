import { z } from "zod";
import { wordList } from "../text/mod.ts";
import { configSchema } from "./config.ts";

/** The part of JSON Schema that the config's schemas use. */
export interface JsonSchema {
  description?: string;
  /** Set if the setting is a path: see `resolvePaths`. */
  path?: string | string[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  type?: string | string[];
  format?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  minItems?: number;
  minLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The config as JSON Schema, for messages and for `--help`. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
}

/** The schemas that may apply at a path of a value; a `kind` in the value selects one of several. */
export function schemasAt(schema: JsonSchema, value: unknown, path: PropertyKey[]): JsonSchema[] {
  let schemas = branches(schema, value);
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    schemas = schemas.flatMap((schema) => {
      const inner = typeof key === "number" ? schema.items : schema.properties?.[String(key)];
      return inner === undefined ? [] : branches(inner, value);
    });
  }
  return schemas;
}

function branches(schema: JsonSchema, value: unknown): JsonSchema[] {
  const all = schema.anyOf ?? schema.oneOf;
  if (all === undefined) return [schema];
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  const named = all.filter((branch) => kind !== undefined && kindOf(branch) === kind);
  return (named.length > 0 ? named : all).flatMap((branch) => branches(branch, value));
}

/** The `kind` that an object of this schema must have; undefined if it needs none. */
export function kindOf(schema: JsonSchema): unknown {
  return schema.properties?.kind?.const;
}

/** The allowed values in words: `a whole number from 1 to 100`. */
export function allowedValues(schemas: JsonSchema[]): string {
  const kinds = schemas.map(kindOf).filter((kind) => kind !== undefined);
  if (kinds.length > 1) return `an object whose "kind" is ${wordList(kinds.map(quote), "or")}`;
  return wordList([...new Set(schemas.flatMap(words))], "or");
}

function words(schema: JsonSchema): string[] {
  const inner = schema.anyOf ?? schema.oneOf;
  if (inner !== undefined) return inner.flatMap(words);
  if (schema.const !== undefined) return [quote(schema.const)];
  if (schema.enum !== undefined) return schema.enum.map(quote);
  if (Array.isArray(schema.type)) return schema.type.flatMap((type) => words({ ...schema, type }));
  switch (schema.type) {
    case "null":
      return ["null"];
    case "integer":
      return [`a whole number${range(schema)}`];
    case "number":
      return [`a number${range(schema)}`];
    case "boolean":
      return ["true", "false"];
    case "string":
      if (schema.format === "uri") return ["a URL"];
      return [schema.minLength ? "text that is not empty" : "text"];
    case "array": {
      const items = wordList(
        words(schema.items ?? {}).map((word) => word.replace(/^an? /, "")),
        "or",
      );
      return [`a list of ${schema.minItems === 1 ? "at least one " : ""}${items}`];
    }
    case "object":
      return [`an object with any of the keys ${Object.keys(schema.properties ?? {}).join(", ")}`];
    default:
      throw new TypeError(`No words for the schema ${quote(schema)}`);
  }
}

/** The limits of a number in words, with a space before them. */
function range(schema: JsonSchema): string {
  // zod adds the limits of safe integers to the schema.
  const isSet = (value?: number) =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (isSet(minimum) && isSet(maximum)) return ` from ${minimum} to ${maximum}`;
  const limits = [
    ...isSet(exclusiveMinimum) ? [`above ${exclusiveMinimum}`] : [],
    ...isSet(minimum) ? [`at least ${minimum}`] : [],
    ...isSet(exclusiveMaximum) ? [`below ${exclusiveMaximum}`] : [],
    ...isSet(maximum) ? [`at most ${maximum}`] : [],
  ];
  if (limits.length === 0) return "";
  return `${limits[0].startsWith("at") ? " of" : ""} ${limits.join(" and ")}`;
}

/** A value as JSON. */
export function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
