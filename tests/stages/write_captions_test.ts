import { type CaptionedPhoto, checkCaptionsFile, writeCaptions } from "../../lib/stages/mod.ts";
import { assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { inTempFolder } from "../datasets/temp_folder.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

const captioned = (photo: string, caption: string): CaptionedPhoto => ({
  photo,
  caption,
  logProbability: -1.5,
  words: [],
  alternatives: [],
});

const photos: CaptionedPhoto[] = [
  captioned("a.jpg", "a dog"),
  { photo: "b.jpg", error: "no such file" },
  captioned('c, "d".jpg', "two\tdogs, one cat"),
];

async function* each(all: CaptionedPhoto[]): AsyncGenerator<CaptionedPhoto> {
  yield* all;
}

Deno.test({
  name: "writeCaptions() writes tables as RFC 4180 has them, and JSON with the errors",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const written = async (name: string, all = photos) => {
        await writeCaptions(`${folder}/${name}`, each(all));
        return await Deno.readTextFile(`${folder}/${name}`);
      };
      assertEquals(
        await written("c.csv"),
        "file,caption,log_probability\r\na.jpg,a dog,-1.500000\r\n" +
          '"c, ""d"".jpg","two\tdogs, one cat",-1.500000\r\n',
      );
      assertEquals(
        await written("c.TSV"),
        "file\tcaption\tlog_probability\r\na.jpg\ta dog\t-1.500000\r\n" +
          '"c, ""d"".jpg"\t"two\tdogs, one cat"\t-1.500000\r\n',
      );
      const lines = (await written("c.jsonl")).trimEnd().split("\n");
      assertEquals(lines.map((line) => JSON.parse(line)), photos);
      assertEquals(JSON.parse(await written("c.json")), photos);
      assertEquals(JSON.parse(await written("none.json", [])), []);
    }),
});

Deno.test({
  name: "writeCaptions() that fails midway leaves the old file, and nothing else",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/c.csv`, "old");
      const failing = async function* () {
        for (let i = 0; i < 5000; i++) yield photos[0];
        throw new Error("the power went out");
      };
      await assertRejects(() => writeCaptions(`${folder}/c.csv`, failing()), Error, "power");
      assertEquals(await Deno.readTextFile(`${folder}/c.csv`), "old");
      assertEquals([...Deno.readDirSync(folder)].length, 1);
    }),
});

Deno.test("checkCaptionsFile() refuses other endings, naming those there are", () => {
  for (const name of ["captions", "captions.txt", "csv", "folder.csv/captions"]) {
    assertThrows(() => checkCaptionsFile(name), RangeError, ".csv, .tsv, .jsonl or .json");
  }
  checkCaptionsFile("captions.CSV");
});
