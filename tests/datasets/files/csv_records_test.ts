import { join } from "node:path";
import fc from "fast-check";
import { type CsvRecord, readCsvRecords } from "../../../lib/datasets/files/csv_records.ts";
import { assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { inTempFolder, writeFiles } from "../temp_folder.ts";

const ignore = !granted("read", "write", "env");

/** The records of a text, in short: `2 a|b` or `3: why not`. */
async function records(
  folder: string,
  text: string | Uint8Array,
  delimiter = ",",
  isRow?: (line: string) => boolean,
) {
  await writeFiles(folder, { "a.csv": text });
  const found: CsvRecord[] = [];
  for await (const record of readCsvRecords(join(folder, "a.csv"), { delimiter, isRow })) {
    found.push(record);
  }
  return found.map((record) =>
    "reason" in record
      ? `${record.line}: ${record.reason}`
      : `${record.line} ${record.fields.join("|").replaceAll("\n", "/")}`
  );
}

function test(name: string, fn: (folder: string) => Promise<void>) {
  Deno.test({ name: `readCsvRecords() ${name}`, ignore, fn: () => inTempFolder(fn) });
}

const unmatched = "malformed, quotation marks do not match";

test("gives quoted fields, line ends in them, empty lines and lone quotation marks", async (folder) => {
  assertEquals(
    await records(folder, '\ufeffa,b\r\nx,"one ""1""\r\ntwo, too"\r\n\r\ny,5" pipe\r\nz,"last"'),
    ["1 a|b", '2 x|one "1"/two, too', '5 y|5" pipe', "6 z|last"],
  );
  assertEquals(await records(folder, "a\tb\n1\t2,3\n", "\t"), ["1 a|b", "2 1|2,3"]);
  assertEquals(await records(folder, "a|b\n1|2\n", "|"), ["1 a|b", "2 1|2"]);
});

test("loses no more than the line where a quotation mark is never closed", async (folder) => {
  const rows = Array.from({ length: 2500 }, (_, i) => `${i}.jpg,number ${i}`);
  rows[7] = '7.jpg,"open';
  rows[1800] = '1800.jpg,"open, too';
  rows[1900] = '1900.jpg,"closed"';
  const found = await records(folder, rows.join("\n"));
  assertEquals(found.length, 2500);
  assertEquals(found[7], `8: ${unmatched}`);
  assertEquals(found[1800], `1801: ${unmatched}`);
  assertEquals(found[1900], "1901 1900.jpg|closed");
  assertEquals(found[2499], "2500 2499.jpg|number 2499");
});

test("rejects lines that are not UTF-8, and them alone", async (folder) => {
  const text = new TextEncoder().encode('a,b\n1,?\n2,"x\n?"\n3,y\n');
  for (const [i, byte] of text.entries()) if (byte === 63) text[i] = 0xff;
  assertEquals(await records(folder, text), ["1 a|b", "2: not UTF-8", "3: not UTF-8", "5 3|y"]);
});

test("reads on behind a quotation mark without partner: fields over several lines stay whole", async (folder) => {
  assertEquals(
    await records(
      folder,
      'image,caption\na.jpg,"open\nb.jpg,"two\nlines"\nc.jpg,"fine"\nd.jpg,"never closed\ne.jpg,x',
    ),
    [
      "1 image|caption",
      `2: ${unmatched}`,
      "3 b.jpg|two/lines",
      "5 c.jpg|fine",
      `6: ${unmatched}`,
      "7 e.jpg|x",
    ],
  );
});

test("takes a quotation mark in the middle, or with text behind it, as text", async (folder) => {
  assertEquals(
    await records(folder, 'x;"5"" pipe"\ny;"5" pipe; 6" long\nz;an "a; b"\n', ";"),
    ['1 x|5" pipe', '2 y|"5" pipe| 6" long', '3 z|an "a| b"'],
  );
});

test("skips rows of delimiters alone, and spaces around quoted fields", async (folder) => {
  assertEquals(
    await records(folder, ',\na, "b, c" \n , \n"x" ,"y"\n,,\nz, "not" closed\n'),
    ["2 a|b, c", "4 x|y", '6 z| "not" closed'],
  );
});

test("takes quotation marks behind a backslash as text", async (folder) => {
  assertEquals(
    await records(folder, 'a,"He said \\"yes, sir\\" twice",b\nc,"C:\\"\n'),
    ['1 a|He said "yes, sir" twice|b', "2 c|C:\\"],
  );
});

test("ends a field where a second line of it is a row, wherever that shows", async (folder) => {
  const isRow = (line: string) => /,\d+$/.test(line);
  assertEquals(
    await records(folder, 'caption,id\n"open,1\nx,2\ny",3\n"two\nlines",4\n', ",", isRow),
    ["1 caption|id", `2: ${unmatched}`, "3 x|2", '4 y"|3', "5 two/lines|4"],
  );
});

test("bounds what an open quotation mark may take in", async (folder) => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i},the same words in every row`);
  rows[3] = '3,"open';
  const found = await records(folder, rows.join("\n") + '\n"');
  assertEquals(found.length, 20_001);
  assertEquals([found[3], found[4]], [`4: ${unmatched}`, "5 4|the same words in every row"]);
});

Deno.test({
  name: "readCsvRecords() reads what was written by the rules of CSV (RFC 4180)",
  ignore,
  fn: () =>
    inTempFolder((folder) => {
      const field = fc.string({ unit: fc.constantFrom("a", "ü", ",", '"', "\n", " ", "🐕") });
      const rows = fc.array(fc.tuple(fc.constant("x"), field, field), { minLength: 1 });
      return fc.assert(
        fc.asyncProperty(rows, async (rows) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          await writeFiles(folder, {
            "p.csv": rows.map((row) => row.map(quoted).join(",") + "\n").join(""),
          });
          const found: string[][] = [];
          for await (const record of readCsvRecords(join(folder, "p.csv"))) {
            if ("fields" in record) found.push(record.fields);
          }
          assertEquals(found, rows as string[][]);
        }),
        { numRuns: 50 },
      );
    }),
});
