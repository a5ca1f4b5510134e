import { recogniseContent } from "../storage/mod.ts";

/**
 * Why bytes cannot be read as a photo, from sharp's error; what is no photo at all is called what it
 * is, such as a web page that was saved under the photo's name.
 */
export function reasonOf(error: unknown, bytes: Uint8Array): string {
  const [line] = (error as Error).message.split("\n");
  if (/unexpected end|premature end/i.test(line)) return "it is truncated";
  if (!line.includes("unsupported image format")) return line;
  const found = recogniseContent(bytes);
  if (found === undefined || ["text", "photo"].includes(found.kind)) {
    return "it is not a photo in a supported format";
  }
  return `it is not a photo but ${found.what}: ${found.remedy}`;
}
