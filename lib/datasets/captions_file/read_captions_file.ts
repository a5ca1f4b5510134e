import { getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Listener } from "../../progress/mod.ts";
import { checkContent, isNotFound, LARGEST_TEXT, readInput } from "../../storage/mod.ts";
import { decodeUtf8, parseJson } from "../../text/mod.ts";
import { isKarpathy, karpathyCaptions, trainImages } from "./karpathy_captions.ts";
import { type CaptionEntry, listedCaptions } from "./listed_captions.ts";
import { endsLikeTable, isTable, tableCaptions } from "./table_captions.ts";

/** The captions of a file. */
export interface CaptionFile {
  /** By id, in the order of the file. */
  captions: Map<string, string[]>;
  /** Whether it is a data set's own annotations, which may have more photos than were captioned. */
  isAnnotations: boolean;
}

/**
 * The captions in a file. By its ending CSV, TSV, text or JSON lines: a row of photo and caption each, in
 * columns of usual names. Otherwise JSON: such rows in a list, `[{"photo", "caption"}, …]`;
 * `{"id": "caption", …}` or `{"id": ["caption", …], …}`; COCO's results, `[{"image_id", "caption"}, …]`,
 * or annotations, `{"annotations": […]}`; a plain list, whose ids are the positions from 1; Karpathy's
 * JSON, `{"images": […]}`. They keep the order of the file: JavaScript's own would sort ids that are
 * numbers. Of an id that is there twice in an object the last captions count, at the first place, as in
 * Python, and that is said.
 *
 * @param kind how many captions an id has: a list of one is one
 * @param known ids that the captions will be looked up by: Karpathy's JSON has several of a photo
 * @throws {Error} naming the file, if it cannot be read, or is a table without captions of photos
 * @throws {SyntaxError} naming the file and the place, if it is not UTF-8, not JSON, or not of one of
 * these layouts
 */
export async function readCaptionsFile(
  file: string,
  kind: "one" | "several",
  say: Required<Listener>["say"],
  known?: ReadonlySet<string>,
): Promise<CaptionFile> {
  return await captionsIn(file, await readJson(file), kind, say, known);
}

async function captionsIn(
  file: string,
  json: Json | undefined,
  kind: "one" | "several",
  say: Required<Listener>["say"],
  known?: ReadonlySet<string>,
): Promise<CaptionFile> {
  if (json === undefined || isTable(json.value)) {
    const entries = await tableCaptions(file, say, known).catch(checkThere(file));
    return { captions: byId(entries, file, kind, say), isAnnotations: kind === "several" };
  }
  const { value, text } = json;
  const annotations = annotationsIn(value);
  const list = annotations ?? (Array.isArray(value) ? value : undefined);
  const karpathy = isKarpathy(value) && kind === "several" ? value.images : undefined;
  const entries = karpathy !== undefined
    ? karpathyCaptions(karpathy, known)
    : list !== undefined
    ? listedCaptions(list, file)
    : entriesOf(text);
  if (entries === undefined) {
    throw new SyntaxError(
      `${file} must hold an object that maps each id to ${wanted(kind)}, a list of them, or ` +
        (kind === "one" ? "COCO's JSON of results" : "COCO's or Karpathy's JSON of annotations"),
    );
  }
  return {
    captions: byId(entries, file, kind, say),
    isAnnotations: (annotations ?? karpathy) !== undefined,
  };
}

/** @throws {SyntaxError} naming the first that has no caption, or more than one where one is wanted */
function byId(
  entries: readonly CaptionEntry[],
  file: string,
  kind: "one" | "several",
  say: Required<Listener>["say"],
): Map<string, string[]> {
  const captions = new Map<string, string[]>();
  const repeated = new Set<string>();
  for (const { id, found, shown } of entries) {
    const several = captionsOf(found, kind) ?? refused(file, kind, id, shown);
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
  return captions;
}

/**
 * The captions of each photo in a file of any of these layouts, to count document frequencies in;
 * of Karpathy's those of the train photos, where it has splits.
 *
 * @throws {Error} as {@linkcode readCaptionsFile}
 */
export async function readDocumentsFile(
  file: string,
  say: Required<Listener>["say"],
): Promise<string[][]> {
  const json = await readJson(file);
  const value = json?.value;
  if (!isKarpathy(value)) {
    return [...(await captionsIn(file, json, "several", say)).captions.values()];
  }
  return karpathyCaptions(trainImages(value.images)).map(({ id, found, shown }) =>
    captionsOf(found, "several") ?? refused(file, "several", id, shown)
  );
}

/** A JSON file's content. */
interface Json {
  value: unknown;
  text: string;
}

/** What is in a file; undefined where that is a table by its ending. */
async function readJson(file: string): Promise<Json | undefined> {
  if (endsLikeTable(file)) return undefined;
  const bytes = await readInput(file, LARGEST_TEXT).catch(checkThere(file));
  checkContent(file, bytes, "JSON", ["text", "JSON"]);
  const text = decodeUtf8(bytes, file);
  try {
    return { value: parseJson(text), text };
  } catch (error) {
    throw new SyntaxError(`${file} is not JSON: ${(error as Error).message}; correct it there`, {
      cause: error,
    });
  }
}

/** For `catch`: throws that a file is missing, if that is why; any other error is rethrown. */
function checkThere(file: string): (error: Error) => never {
  return (error) => {
    if (!isNotFound(error) && !isNotFound(error.cause)) throw error;
    throw new Error(`Cannot read ${file}: no such file; check its path`, { cause: error });
  };
}

/** @throws {SyntaxError} always */
function refused(file: string, kind: "one" | "several", id: string, shown: string): never {
  throw new SyntaxError(
    `${file}: expected ${wanted(kind)} for "${id}", found ${shown.slice(0, 40)}`,
  );
}

function wanted(kind: "one" | "several"): string {
  return kind === "one" ? "a caption" : "a list of one or more captions";
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
