import type { z } from "zod";

/** A config that cannot be: unknown key, wrong type, value out of range. */
export class ConfigError extends Error {
  /** The class's name. */
  override name = "ConfigError";
}

/** One sentence on the first thing that is wrong. @param origin the file, for the message */
export function configError(error: z.ZodError, value: unknown, origin: string): ConfigError {
  return new ConfigError(`${origin}: ${sentence(error.issues[0], value, [])}`);
}

function sentence(issue: z.core.$ZodIssue, value: unknown, before: PropertyKey[]): string {
  const path = [...before, ...issue.path];
  const key = path.map(String).join(".");
  const found = show(at(value, path));
  switch (issue.code) {
    case "unrecognized_keys":
      return `Unknown key ${
        issue.keys.map((name) => `"${[...path, name].map(String).join(".")}"`).join(", ")
      }; see --help for the keys there are`;
    case "invalid_type":
      return at(value, path) === undefined
        ? `"${key}" is missing; it must be ${article(issue.expected)}`
        : `"${key}" is ${found}; it must be ${article(issue.expected)}`;
    case "too_small":
      return `"${key}" is ${found}; it must be ${
        issue.inclusive === false ? "more than" : "at least"
      } ${issue.minimum}${issue.origin === "string" ? " letters long" : ""}`;
    case "too_big":
      return `"${key}" is ${found}; it must be ${
        issue.inclusive === false ? "less than" : "at most"
      } ${issue.maximum}`;
    case "invalid_value":
      return `"${key}" is ${found}; it must be ${issue.values.map((v) => show(v)).join(" or ")}`;
    case "invalid_union": {
      const discriminator = (issue as { discriminator?: string }).discriminator;
      if (discriminator !== undefined) {
        const kinds = (issue as { options?: unknown[] }).options ?? [];
        const name = path.at(-1) === discriminator ? key : `${key}.${discriminator}`;
        return `"${name}" is ${show(at(value, name.split(".")))}; it must be ${
          kinds.length > 0 ? kinds.map((v) => show(v)).join(" or ") : "a kind that there is"
        }`;
      }
      // The branch that came furthest says most.
      const branch =
        issue.errors.toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0];
      if (branch?.[0] && branch[0].path.length > 0) return sentence(branch[0], value, path);
      return `"${key}" is ${found}, which is none of the values allowed; see --help`;
    }
    default:
      return `"${key}" is ${found}: ${issue.message}`;
  }
}

function article(type: string): string {
  const names: Record<string, string> = {
    int: "a whole number",
    number: "a number",
    string: "text",
    boolean: "true or false",
    array: "a list",
    object: "an object",
  };
  return names[type] ?? type;
}

function at(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value) ?? String(value);
}
