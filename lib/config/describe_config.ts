import { allowedValues, configJsonSchema, type JsonSchema, kindOf, quote } from "./json_schema.ts";

/**
 * Every key of a config with its meaning, allowed values and default, for `--help`.
 *
 * @param parts those whose keys are wanted, such as `dataset` or `encoder.weights`. @default {all}
 */
export function describeConfig(parts?: readonly string[]): string {
  return describe(configJsonSchema(), "")
    .filter(({ key }) => parts?.some((part) => `${key}.`.startsWith(`${part}.`)) ?? true)
    .map(({ key, when, text }) => `  --${key}${when}\n        ${text}`)
    .join("\n");
}

/** Every key of a config, such as `training.epochs`. */
export function configKeys(): string[] {
  return [...new Set(describe(configJsonSchema(), "").map(({ key }) => key))];
}

interface Entry {
  key: string;
  /** The kinds that have it, unless all do. */
  when: string;
  text: string;
}

function describe(schema: JsonSchema, path: string): Entry[] {
  const branches = schema.anyOf ?? schema.oneOf ?? [];
  const kinds = branches.map(kindOf).filter((kind) => kind !== undefined);
  if (kinds.length > 0) return describeKinds(branches, kinds, path, schema.default);
  const whole = branches.filter((branch) => branch.properties === undefined);
  const objects = branches.filter((branch) => branch.properties !== undefined);
  if (objects.length > 0) {
    const here = entry({ ...schema, oneOf: undefined, anyOf: whole }, path);
    return [here, ...objects.flatMap((branch) => describe(branch, path))];
  }
  if (schema.properties !== undefined) {
    if (kindOf(schema) !== undefined) return describeKinds([schema], [kindOf(schema)], path);
    return describeFields(schema, path);
  }
  return path === "" ? [] : [entry(schema, path)];
}

function describeFields({ properties = {} }: JsonSchema, path: string): Entry[] {
  return Object.entries(properties).flatMap(([key, inner]) =>
    describe(inner, path === "" ? key : `${path}.${key}`)
  );
}

/** Keys that several kinds share are listed once. */
function describeKinds(
  branches: JsonSchema[],
  kinds: unknown[],
  path: string,
  standard?: unknown,
): Entry[] {
  const kind = entry({
    enum: kinds,
    description: `set by an option, it resets the rest of ${path} to the defaults`,
    default: (standard as { kind?: unknown } | undefined)?.kind,
  }, `${path}.kind`);
  const found = new Map<string, Entry & { kinds: unknown[] }>();
  for (const branch of branches) {
    for (const inner of describeFields(branch, path)) {
      if (inner.key === kind.key) continue;
      const id = JSON.stringify(inner);
      const known = found.get(id);
      if (known === undefined) found.set(id, { ...inner, kinds: [kindOf(branch)] });
      else known.kinds.push(kindOf(branch));
    }
  }
  return [
    kind,
    ...[...found.values()].map(({ kinds: having, ...inner }) => ({
      ...inner,
      when: having.length < kinds.length ? ` [${someOf(kinds, having)}]` : inner.when,
    })),
  ];
}

/** Some of the kinds, in the shorter way. */
function someOf(kinds: unknown[], some: unknown[]): string {
  const others = kinds.filter((kind) => !some.includes(kind));
  return others.length < some.length - 1 ? `all but ${others.join(", ")}` : some.join(", ");
}

function entry(schema: JsonSchema, key: string): Entry {
  const { description = "", type, default: standard } = schema;
  const isPlain = type === "string" && schema.enum === undefined && schema.format === undefined;
  const isDescribed = schema.enum?.every((value) => description.includes(String(value)));
  const values = isPlain || isDescribed ? "" : `; ${allowedValues([schema])}`;
  const shown = standard === undefined ? "" : ` (default ${quote(standard)})`;
  return { key, when: "", text: `${description}${values}${shown}` };
}
