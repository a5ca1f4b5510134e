import { dirname, join } from "node:path";
import type { Random } from "../../lib/random/mod.ts";

/** What happens to files. */
export const damageKinds = [
  "flip in payload",
  "flip in header",
  "truncation",
  "deletion",
  "empty",
  "folder in its place",
  "JSON of another type",
] as const;

/** One of them. */
export type DamageKind = typeof damageKinds[number];

const OTHER_JSON = ["null", "[]", "{}", "7", '"text"', "true", "[[1]]", '{"format":1}'];

/**
 * Damages a file.
 *
 * @returns how, in a few words
 */
export async function damage(path: string, kind: DamageKind, random: Random): Promise<string> {
  const { size, mtime } = await Deno.stat(path);
  switch (kind) {
    case "flip in payload":
    case "flip in header": {
      if (size === 0) break;
      const header = headerOf(await Deno.readFile(path));
      const isHeader = kind === "flip in header";
      const at = isHeader
        ? random.integer(0, header)
        : random.integer(Math.min(header, size - 1), size);
      const bit = random.integer(0, 8);
      const bytes = await Deno.readFile(path);
      bytes[at] ^= 1 << bit;
      await Deno.writeFile(path, bytes);
      // A failing disk leaves the time as it was, a program does not.
      const keepsTime = random.integer(0, 2) === 0;
      if (keepsTime) await Deno.utime(path, mtime!, mtime!);
      return `bit ${bit} of byte ${at} of ${size}${keepsTime ? ", time kept" : ""}`;
    }
    case "truncation": {
      const length = random.integer(0, Math.max(1, size));
      await Deno.truncate(path, length);
      return `${length} of ${size} bytes`;
    }
    case "deletion":
      await Deno.remove(path);
      return kind;
    case "empty":
      await Deno.truncate(path, 0);
      return kind;
    case "folder in its place": {
      await Deno.remove(path);
      await Deno.mkdir(path);
      const isFull = random.integer(0, 4) === 0;
      if (isFull) await Deno.writeTextFile(join(path, "something"), "of the user's");
      return isFull ? "with a file in it" : "an empty one";
    }
    case "JSON of another type": {
      const text = random.choice(OTHER_JSON);
      await Deno.writeTextFile(path, text);
      return text;
    }
  }
  return kind;
}

/** What is there, to tell whether it was changed since. */
export async function stateOf(path: string): Promise<string> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (isDirectory) return "folder";
    return (await Deno.readFile(path)).toBase64();
  } catch {
    return "absent";
  }
}

/** How many bytes say what the file is: safetensors' own header, a fifth of any other file. */
function headerOf(bytes: Uint8Array): number {
  const fifth = Math.max(1, Math.min(64, Math.floor(bytes.length / 5)));
  if (bytes.length < 16) return fifth;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return length > 0 && length < bytes.length && bytes[8] === 0x7b ? 8 + length : fifth;
}

/** Files of one kind: those whose names differ in digits and digests alone. */
export function kindOfFile(path: string): string {
  return join(dirname(path), path.split("/").at(-1)!)
    .replace(/[0-9a-f]{12,}/g, "#")
    .replace(/\d+/g, "#")
    .replace(/(train|dev|test)_#/, "photo_#");
}
