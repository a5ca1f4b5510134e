import { getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Listener } from "../progress/mod.ts";
import { checkContent, isNotFound, LARGEST_TEXT, readInput } from "../storage/mod.ts";
import { decodeUtf8, parseJson } from "../text/mod.ts";
import { type CaptionEntry, listedCaptions } from "./listed_captions.ts";

/** The captions of a file. */
export interface CaptionFile {
  /** By id, in the order of the file. */
  captions: Map<string, string[]>;
  /** Whether it is COCO's annotations, which may have more photos than were captioned. */
  isAnnotations: boolean;
}

/**
 * The captions in a JSON file: `{"id": "caption", …}` or `{"id": ["caption", …], …}`; COCO's results,
 * `[{"image_id", "caption"}, …]`, or annotations, `{"annotations": […]}`; a plain list, whose ids are
 * the positions from 1. They keep the order of the file: JavaScript's own would sort ids that are
 * numbers. Of an id that is there twice the last captions count, at the first place, as in Python,
 * and that is said.
 *
 * @param kind how many captions an id has: a list of one is one
 * @throws {Error} naming the file, if it cannot be read
 * @throws {SyntaxError} naming the file and the place, if it is not UTF-8, not JSON, or not of one of
 * these layouts
 */
export async function readCaptions(
  file: string,
  kind: "one" | "several",
  say: Required<Listener>["say"],
): Promise<CaptionFile> {
  const bytes = await readInput(file, LARGEST_TEXT).catch((error) => {
    if (!isNotFound(error)) throw error;
    throw new Error(`Cannot read ${file}: no such file; check its path`, { cause: error });
  });
  checkContent(file, bytes, "JSON", ["text", "JSON"]);
  const text = decodeUtf8(bytes, file);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new SyntaxError(`${file} is not JSON: ${(error as Error).message}; correct it there`, {
      cause: error,
    });
  }
  const what = kind === "one" ? "a caption" : "a list of one or more captions";
  const annotations = annotationsIn(value);
  const list = annotations ?? (Array.isArray(value) ? value : undefined);
  const entries = list === undefined ? entriesOf(text) : listedCaptions(list, file);
  if (entries === undefined) {
    throw new SyntaxError(
      `${file} must hold an object that maps each id to ${what}, a list of them, or COCO's JSON of ` +
        (kind === "one" ? "results" : "annotations"),
    );
  }
  const captions = new Map<string, string[]>();
  const repeated = new Set<string>();
  for (const { id, found, shown } of entries) {
    const several = captionsOf(found, kind);
    if (several === undefined) {
      throw new SyntaxError(`${file}: expected ${what} for "${id}", found ${shown.slice(0, 40)}`);
    }
    if (captions.has(id)) repeated.add(id);
    captions.set(id, several);
  }
  if (repeated.size > 0) {
    const [first] = repeated;
    say(
      `${file} has ${
        repeated.size === 1 ? "an id" : `${repeated.size} ids`
      } more than once, such ` +
        `as "${first}": the last captions count`,
    );
  }
  return { captions, isAnnotations: annotations !== undefined };
}

function annotationsIn(value: unknown): unknown[] | undefined {
  const { annotations } = (value ?? {}) as { annotations?: unknown };
  const isCoco = Array.isArray(annotations) &&
    annotations.every((each) => typeof each === "object" && each !== null);
  return isCoco ? annotations : undefined;
}

function entriesOf(text: string): CaptionEntry[] | undefined {
  const root = parseTree(text);
  if (root?.type !== "object") return undefined;
  return (root.children ?? []).map(({ children }) => {
    const [key, value] = children as [Node, Node];
    const shown = text.slice(value.offset, value.offset + value.length);
    return { id: key.value, found: getNodeValue(value), shown };
  });
}

function captionsOf(value: unknown, kind: "one" | "several"): string[] | undefined {
  const list = kind === "one" && typeof value === "string" ? [value] : value;
  const isList = Array.isArray(list) && list.length > 0 &&
    list.every((one) => typeof one === "string");
  return isList && (kind === "several" || list.length === 1) ? list : undefined;
}
