import { z } from "zod";
import { configSchema } from "./config.ts";

interface JsonSchema {
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  type?: string;
  properties?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** Every key of a config with its meaning and default, a line each, for `--help`. */
export function describeConfig(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });
  const lines: string[] = [];
  describe(schema as JsonSchema, "", "", lines);
  return [...new Set(lines)].join("\n");
}

function describe(schema: JsonSchema, path: string, when: string, lines: string[]): void {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches?.some((branch) => branch.properties)) {
    for (const branch of branches) {
      const kind = branch.properties?.kind?.const;
      describe(branch, path, kind === undefined ? when : ` [${kind}]`, lines);
    }
    if (schema.description) lines.push(line(schema, path, when));
  } else if (schema.properties) {
    for (const [key, inner] of Object.entries(schema.properties)) {
      describe(inner, path === "" ? key : `${path}.${key}`, when, lines);
    }
  } else if (path !== "" && schema.const === undefined) {
    lines.push(line(schema, path, when));
  }
}

function line({ description, default: standard }: JsonSchema, path: string, when: string): string {
  const value = standard === undefined ? "" : ` (default ${JSON.stringify(standard)})`;
  return `  --${path}${when}  ${description ?? ""}${value}`;
}
