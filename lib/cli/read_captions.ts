import { getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Listener } from "../progress/mod.ts";
import { checkContent, isNotFound } from "../storage/mod.ts";
import { decodeUtf8 } from "../text/mod.ts";

/**
 * The captions in a JSON file, `{"id": "caption", …}` or `{"id": ["caption", …], …}`, in the order of
 * the file: JavaScript's own would sort ids that are numbers. Of an id that is there twice the last
 * captions count, at the first place, as in Python, and that is said.
 *
 * @throws {Error} naming the file, if it cannot be read
 * @throws {SyntaxError} naming the file and the place, if it is not UTF-8, not JSON, or not of this
 * layout
 */
export async function readCaptions(
  file: string,
  kind: "one" | "several",
  say: Required<Listener>["say"],
): Promise<Map<string, string[]>> {
  const bytes = await Deno.readFile(file).catch((error) => {
    const reason = isNotFound(error) ? "no such file" : error.message;
    throw new Error(`Cannot read ${file}: ${reason}`, { cause: error });
  });
  checkContent(file, bytes, "JSON", ["text", "JSON"]);
  const text = decodeUtf8(bytes, file);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const what = kind === "one" ? "a caption" : "a list of one or more captions";
  const root = parseTree(text);
  if (root?.type !== "object") {
    throw new SyntaxError(`${file} must hold an object that maps each id to ${what}`);
  }
  const captions = new Map<string, string[]>();
  const repeated = new Set<string>();
  for (const { children } of root.children ?? []) {
    const [key, value] = children as [Node, Node];
    const id: string = key.value;
    const found = captionsOf(getNodeValue(value), kind);
    if (found === undefined) {
      throw new SyntaxError(
        `${file}: expected ${what} for "${id}", found ${
          text.slice(value.offset, value.offset + value.length).slice(0, 40)
        }`,
      );
    }
    if (captions.has(id)) repeated.add(id);
    captions.set(id, found);
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

function captionsOf(value: unknown, kind: "one" | "several"): string[] | undefined {
  const list = kind === "one" ? [value] : value;
  return Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "string")
    ? list
    : undefined;
}
