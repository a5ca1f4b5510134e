import { checkContent } from "../../lib/storage/check_content.ts";
import { recogniseContent } from "../../lib/storage/file_content.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const zipOf = (name: string) =>
  latin1(
    `PK\x03\x04${"\0".repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}…`.slice(0, -1),
  );

const POINTER = "version https://git-lfs.github.com/spec/v1\n" +
  `oid sha256:${"4d7a".repeat(16)}\nsize 14536120\n`;
const DRIVE = "<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title>" +
  "</head><body>Google Drive can't scan this file for viruses.</body></html>";

const mistakes: [string, string, string[]][] = [
  ["a Git LFS pointer", POINTER, ["a Git LFS pointer to its 14536120 bytes", "git lfs pull"]],
  [
    "a Git LFS pointer with Windows' line ends",
    POINTER.replaceAll("\n", "\r\n"),
    ["a Git LFS pointer to its 14536120 bytes"],
  ],
  ["a git-annex pointer", "/annex/objects/SHA256E-s10--ab.h5\n", ["git annex get"]],
  ["Google Drive's page", DRIVE, ["Google Drive - Virus scan warning", "confirm the download"]],
  ["a page without a title", "\n\n<html lang=en><body>x", ["a web page: download it again"]],
  ["a page after a comment", "<!-- x -->\n<!doctype HTML>", ["a web page"]],
  ["XHTML", '\ufeff<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', ["a web page"]],
  ["a large page", `<html><title>\n Sign in </title>${"é".repeat(9000)}`, ['"Sign in"']],
  [
    "S3's error",
    '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>',
    ["a server's error", "AccessDenied"],
  ],
  ["GitHub's text", "404: Not Found", ["a server's answer", "404: Not Found"]],
  ["a hub's text", "Invalid username or password.", ["a server's answer"]],
  [
    "GitHub's JSON",
    '{"message":"Not Found","documentation_url":"https://docs","status":"404"}',
    ["a server's answer", '"Not Found"'],
  ],
  ["Google's JSON", '{"error": {"code": 403, "message": "Quota exceeded"}}', ['"Quota exceeded"']],
  ["a hub's JSON", '{"error":"Repository not found"}', ['"Repository not found"']],
  ["zero bytes", "\0".repeat(5000), ["zero bytes", "interrupted"]],
];

for (const [name, content, parts] of mistakes) {
  Deno.test(`recogniseContent() knows ${name}, which no reader accepts`, () => {
    const error = assertThrows(
      () => checkContent("model.h5", bytes(content), "an HDF5 file", ["HDF5", "text", "JSON"]),
      SyntaxError,
      "model.h5 is not an HDF5 file but ",
    );
    for (const part of parts) assert(error.message.includes(part), error.message);
    assert(!error.message.includes("\n"), error.message);
  });
}

const formats: [string, Uint8Array, string][] = [
  ["HDF5", latin1("\x89HDF\r\n\x1a\n\0\0"), "an HDF5 file"],
  ["zip", zipOf("data/a.txt"), "a zip archive"],
  ["zip", zipOf("metadata.json"), "a .keras archive"],
  ["zip", zipOf("arr_0.npy"), "an .npz archive"],
  ["zip", zipOf("archive/data.pkl"), "a PyTorch file"],
  ["zip", zipOf("[Content_Types].xml"), "an Office document (.xlsx, .docx)"],
  ["gzip", latin1("\x1f\x8b\x08\0"), "compressed by gzip"],
  ["npy", latin1("\x93NUMPY\x01\0"), "a numpy array (.npy)"],
  ["pickle", latin1("\x80\x04\x95"), "a Python pickle"],
  ["photo", latin1("\xff\xd8\xff\xe0"), "a photo"],
  ["photo", latin1("RIFF\n\0\0\0WEBPVP8 "), "a photo"],
  ["Parquet", latin1("PAR1\x15\0"), "a Parquet file"],
  ["other", latin1("%PDF-1.7"), "a PDF document"],
  ["JSON", bytes('[{"caption": "a dog"}]'), 'JSON that begins [{"caption": "a dog"}]'],
  ["text", bytes("image,caption\n1.jpg,a dog"), "a text that begins image,caption"],
];

for (const [kind, head, what] of formats) {
  Deno.test(`recogniseContent() knows ${what}`, () => {
    const found = recogniseContent(head)!;
    assertEquals([found.kind, found.what], [kind, what]);
  });
}

Deno.test("recogniseContent() takes no captions, tokenizers or other bytes for a mistake", () => {
  for (
    const text of [
      "<start> a dog <end>\n",
      "not found in these woods,1.jpg\n".repeat(30),
      '{"message": "a dog", "1.jpg": ["a cat"]}',
      '{"images": [], "annotations": [], "type": "captions"}',
      '{"class_name": "Tokenizer", "config": {"word_index": "{}"}}',
      "image|comment\n1.jpg|404: not a found dog",
    ]
  ) {
    assert(["text", "JSON"].includes(recogniseContent(bytes(text))!.kind), text);
  }
  assertEquals(recogniseContent(latin1("image,caption\n1.jpg,un caf\xe9")), undefined);
  assertEquals(recogniseContent(new Uint8Array()), undefined);
  const cut = bytes("a,é\n".repeat(2000)).subarray(0, 4096 + 3);
  assertEquals(recogniseContent(cut)?.kind, "text");
});
