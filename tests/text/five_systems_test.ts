import { type CleaningPreset, fitTokenizer, textSettings } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const folder = new URL("../../../shared/flickr8k/", import.meta.url);
const there = granted("read") && exists();

function exists() {
  try {
    return Deno.statSync(new URL("captions.txt", folder)).isFile;
  } catch {
    return false;
  }
}

/** Rows of captions.txt; a quoted caption holds commas. */
function rows(): [photo: string, caption: string][] {
  return Deno.readTextFileSync(new URL("captions.txt", folder)).trim().split("\n").slice(1)
    .map((line) => {
      const comma = line.indexOf(",");
      const rest = line.slice(comma + 1);
      const caption = rest.startsWith('"') ? rest.slice(1, -1).replaceAll('""', '"') : rest;
      return [line.slice(0, comma), caption];
    });
}

const systems: [CleaningPreset, start: string, end: string, number, number, number][] = [
  ["open_images_200k", "startseq", "endseq", 8286, 34, 362078],
  ["flickr8k_callbacks", "start", "end", 8343, 38, 417752],
  ["flickr8k_split90", "start", "end", 8033, 35, 363434],
  ["flickr8k_bilstm", "startseq", "endseq", 8286, 34, 362078],
  ["flickr8k_xception", "startseq", "endseq", 7311, 35, 307058],
];

for (const [cleaning, start, end, vocabulary, longest, pairs] of systems) {
  Deno.test({
    name: `fitTokenizer() on Flickr8k has ${cleaning}'s vocabulary, longest and pairs`,
    ignore: !there,
    fn: () => {
      const train = cleaning === "flickr8k_xception"
        ? new Set(
          Deno.readTextFileSync(new URL("Flickr_8k.trainImages.txt", folder)).split(/\s+/),
        )
        : null;
      const captions = rows().filter(([photo]) => train?.has(photo) ?? true).map(([, c]) => c);
      const settings = textSettings.parse({
        cleaning,
        unknownWords: "drop",
        markers: { start, end, asWords: true },
      });
      const tokenizer = fitTokenizer(captions, settings);
      assertEquals(tokenizer.measure(), { vocabulary, longest, pairs });
      assertEquals(tokenizer.measure(captions), { vocabulary, longest, pairs });
    },
  });
}
