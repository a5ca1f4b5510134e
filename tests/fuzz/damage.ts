import type { Random } from "../../lib/random/mod.ts";

/** What stands where the file was. */
export type Damaged =
  | { bytes: Uint8Array }
  | { instead: "a folder" | "a pipe" | "a device" | "a circle of links" | "nothing" };

/** A file after one damage drawn from the seed, and in words what was done to it. */
export interface Damage {
  what: string;
  file: Damaged;
}

const INSTEAD = ["a folder", "a pipe", "a device", "a circle of links", "nothing"] as const;

/** Damages a file: as what it is, as text, or as a file at all. */
export function damage(bytes: Uint8Array, random: Random): Damage {
  const kind = random.uniform();
  if (kind < 0.08) {
    const instead = random.choice(INSTEAD);
    return { what: `${instead} in its place`, file: { instead } };
  }
  const text = textOf(bytes);
  const ways = [...BYTES, ...(text === undefined ? [] : TEXT)];
  const json = text === undefined ? undefined : parsed(text);
  if (json !== undefined && kind < 0.65) return damagedJson(json.value, random);
  const [what, change] = random.choice(ways);
  return { what, file: { bytes: change(bytes, random) } };
}

type Change = (bytes: Uint8Array, random: Random) => Uint8Array;

const BYTES: [string, Change][] = [
  ["empty", () => new Uint8Array()],
  ["truncated", (bytes, random) => bytes.slice(0, random.integer(0, bytes.length + 1))],
  ["bits flipped", (bytes, random) => {
    const changed = bytes.slice();
    for (let i = random.integer(1, 9); i > 0 && bytes.length > 0; i--) {
      changed[random.integer(0, bytes.length)] ^= 1 << random.integer(0, 8);
    }
    return changed;
  }],
  ["bits flipped near the start", (bytes, random) => {
    const changed = bytes.slice();
    const end = Math.min(bytes.length, 200);
    for (let i = random.integer(1, 5); i > 0 && end > 0; i--) {
      changed[random.integer(0, end)] ^= 1 << random.integer(0, 8);
    }
    return changed;
  }],
  ["a number made extreme", (bytes, random) => {
    const changed = bytes.slice();
    const at = random.integer(0, Math.max(1, bytes.length - 8));
    const number = random.choice([[255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128]]);
    changed.set(number.slice(0, Math.max(0, bytes.length - at)), at);
    return changed;
  }],
  ["a block doubled", (bytes, random) => {
    const [from, to] = span(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  }],
  ["a block left out", (bytes, random) => {
    const [from, to] = span(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  }],
  ["a block of itself elsewhere", (bytes, random) => {
    const [from, to] = span(bytes, random);
    const changed = bytes.slice();
    const block = bytes.subarray(from, to);
    const at = random.integer(0, bytes.length + 1);
    changed.set(block.subarray(0, bytes.length - at), at);
    return changed;
  }],
  ["zeros", (bytes, random) => {
    const [from, to] = span(bytes, random);
    return bytes.slice().fill(0, from, to);
  }],
];

/** What a terminal obeys, what turns text around, and what no text has. */
const CONTROLS = [
  "\x1b[31m\x1b]0;title\x07",
  "\x1b[2J",
  "\u202egnp.exe",
  "\u2066\u2069",
  "\0",
  "\x08\x08\x7f",
  "\u009b31m",
  "\r",
  "\ufeff",
  "\ud7ff\ufffe",
];

const TEXT: [string, Change][] = [
  ["control characters", (bytes, random) => {
    let text = new TextDecoder().decode(bytes);
    for (let i = random.integer(1, 6); i > 0; i--) {
      const at = random.integer(0, text.length + 1);
      text = text.slice(0, at) + random.choice(CONTROLS) + text.slice(at);
    }
    return encoded(text);
  }],
  ["a long line", (bytes, random) => {
    const at = random.integer(0, bytes.length + 1);
    const filling = random.choice(['"', "a", "[", "\\", ",", " "]).repeat(200_000);
    return joined(bytes.subarray(0, at), encoded(filling), bytes.subarray(at));
  }],
  ["bytes that are not UTF-8", (bytes, random) => {
    const at = random.integer(0, bytes.length + 1);
    return joined(bytes.subarray(0, at), Uint8Array.of(0xe9, 0x80, 0xff), bytes.subarray(at));
  }],
  ["a sign in the place of another", (bytes, random) => {
    const changed = bytes.slice();
    const signs = "\"[]{},:\\'()\n\t-0";
    const at = random.integer(0, Math.max(1, bytes.length));
    changed[at] = signs.charCodeAt(random.integer(0, signs.length));
    return changed;
  }],
];

/** JSON text in the place of a value, which may be what no value of JavaScript is. */
const VALUES = [
  "null",
  "true",
  "-1",
  "1.5",
  "1e308",
  "1e999",
  "9007199254740993",
  "123456789012345678901234567890",
  "NaN",
  '""',
  '"text"',
  '"\\u001b[31mred\\u202e\\u0000"',
  '"../../../../etc/passwd"',
  '"/dev/zero"',
  JSON.stringify("long ".repeat(50_000)),
  "[]",
  "{}",
  "[null]",
  "[[[1]]]",
  '{"a": {"b": null}}',
  '{"__proto__": {"a": 1}, "constructor": null}',
  "[".repeat(200_000) + "]".repeat(200_000),
  '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000),
];

function damagedJson(value: unknown, random: Random): Damage {
  const nodes = nodesOf(value);
  const [path, node] = random.choice(nodes);
  const way = random.uniform();
  if (way < 0.15 && path.length > 0) {
    const text = written(value, path, () => undefined);
    return { what: `without ${shown(path)}`, file: { bytes: encoded(text) } };
  }
  if (way < 0.25 && typeof node === "object" && node !== null && !Array.isArray(node)) {
    const [key = "a"] = Object.keys(node);
    const again = (text: string) => text.replace("{", `{${JSON.stringify(key)}:null,`);
    const text = written(value, path, again);
    return { what: `${shown(path)} with a key twice`, file: { bytes: encoded(text) } };
  }
  const by = random.choice(VALUES);
  const text = written(value, path, () => by);
  return { what: `${shown(path)} is ${by.slice(0, 30)}`, file: { bytes: encoded(text) } };
}

type Path = readonly string[];

function nodesOf(value: unknown): [Path, unknown][] {
  const nodes: [Path, unknown][] = [];
  const visit = (node: unknown, path: Path) => {
    nodes.push([path, node]);
    if (typeof node !== "object" || node === null || nodes.length > 2000) return;
    for (const [key, inner] of Object.entries(node)) visit(inner, [...path, key]);
  };
  visit(value, []);
  return nodes;
}

/** JSON of a value in which the text of one node is changed; undefined leaves it out. */
function written(
  value: unknown,
  path: Path,
  change: (text: string) => string | undefined,
): string {
  const write = (node: unknown, rest: Path | undefined): string | undefined => {
    if (rest === undefined) return JSON.stringify(node);
    if (rest.length === 0) return change(JSON.stringify(node));
    const [key, ...inner] = rest;
    const parts = Object.entries(node as object).flatMap(([name, one]) => {
      const text = write(one, name === key ? inner : undefined);
      if (text === undefined) return [];
      return [Array.isArray(node) ? text : `${JSON.stringify(name)}:${text}`];
    });
    return Array.isArray(node) ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
  };
  return write(value, path) ?? "";
}

function shown(path: Path): string {
  return path.length === 0 ? "the whole" : path.join(".").slice(0, 60);
}

function parsed(text: string): { value: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function span(bytes: Uint8Array, random: Random): [number, number] {
  const from = random.integer(0, bytes.length + 1);
  return [from, Math.min(bytes.length, from + random.integer(1, 64))];
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
