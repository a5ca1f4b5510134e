import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import {
  alteredOutput,
  DamagedFileError,
  isUpToDate,
  OtherVersionError,
  readRecord,
  recordStage,
  writeRecord,
} from "../../lib/storage/mod.ts";

const ignore = !granted("read", "write");
const value = { name: "größer", numbers: [1, 2.5, -3e-9], nested: { yes: true, none: null } };
const schema = z.strictObject({
  name: z.string(),
  numbers: z.array(z.number()),
  nested: z.strictObject({ yes: z.boolean(), none: z.null() }),
});
const file = { format: 3, schema, remedy: "make it again" };

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "readRecord() gives what writeRecord() wrote, and nothing where nothing is",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.json");
      assertEquals(await readRecord(path, file), undefined);
      await writeRecord(path, 3, value);
      assertEquals(await readRecord(path, file), value);
    }),
});

Deno.test({
  name: "readRecord() refuses a record with any bit flipped, or gives what was written",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.json");
      await writeRecord(path, 3, value);
      const bytes = await Deno.readFile(path);
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
          const damaged = bytes.slice();
          damaged[bit >> 3] ^= 1 << (bit & 7);
          await Deno.writeFile(path, damaged);
          try {
            assertEquals(await readRecord(path, file), value); // white space is of no matter
          } catch (error) {
            assert(error instanceof DamagedFileError, String(error));
            assertEquals(error.path, path);
          }
        }),
        { numRuns: 400 },
      );
    }),
});

Deno.test({
  name: "readRecord() names each kind of damage and the remedy",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.json");
      const read = () => readRecord(path, file);
      for (
        const [text, damage] of [
          ["", "it is not JSON"],
          ['{"format":3', "it is not JSON"],
          ["null", "it holds no JSON object"],
          ["[1]", "it holds no JSON object"],
          ['"text"', "it holds no JSON object"],
          [JSON.stringify({ format: 3, ...value }), "it has no checksum"],
        ]
      ) {
        await Deno.writeTextFile(path, text);
        await assertRejects(
          read,
          DamagedFileError,
          `${path} is damaged (${damage}): make it again`,
        );
      }
      await Deno.writeTextFile(path, JSON.stringify({ format: 2, ...value }));
      const other = `${path} has format 2, but this version reads 3: make it again`;
      await assertRejects(read, OtherVersionError, other);
      await writeRecord(path, 3, { ...value, name: 4 });
      await assertRejects(read, DamagedFileError, "is damaged (name: Invalid input");
      await Deno.remove(path);
      await Deno.mkdir(path);
      await assertRejects(read, DamagedFileError, "is damaged (a folder has its name): make it");
    }),
});

Deno.test({
  name: "isUpToDate() is false, and alteredOutput() names what it is, after any damage",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const [output, record] = [join(folder, "out.txt"), join(folder, "made.stage.json")];
      const state = async () => [
        await isUpToDate(folder, "made", { a: 1 }),
        await alteredOutput(folder, "made"),
      ];
      await Deno.writeTextFile(output, "whole");
      await recordStage(folder, "made", { a: 1 }, ["out.txt"]);
      assertEquals(await state(), [true, undefined]);
      assertEquals(await isUpToDate(folder, "made", { a: 2 }), false);
      await Deno.writeTextFile(output, "whol");
      assertEquals(await state(), [false, "out.txt"]);
      await Deno.remove(output);
      assertEquals(await state(), [false, "out.txt"]);
      await Deno.mkdir(output);
      assertEquals(await state(), [false, "out.txt"]);
      for (const text of ["", "null", "7", '{"inputs":3}', '{"format":9}']) {
        await Deno.writeTextFile(record, text);
        assertEquals(await state(), [false, "made.stage.json"]);
      }
    }),
});
