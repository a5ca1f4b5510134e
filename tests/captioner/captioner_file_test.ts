import { captionerFileFromJson, captionerFileToJson } from "../../lib/captioner/captioner_file.ts";
import { loadCaptioner } from "../../lib/captioner/mod.ts";
import { decodingSettings } from "../../lib/decoding/mod.ts";
import { modelSettings } from "../../lib/models/mod.ts";
import { assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

const captioner = {
  decoder: {
    weights: "weights.safetensors",
    featureShape: [6],
    settings: modelSettings.parse({ kind: "init_inject" }),
  },
  tokenizer: "words.json",
  decoding: decodingSettings.parse({}),
  encoder: null,
};

Deno.test("captionerFileFromJson() gives back what captionerFileToJson() was given", () => {
  const json = captionerFileToJson(captioner);
  assertEquals(captionerFileFromJson(json, "it"), captioner);
  const { format, version } = JSON.parse(json);
  assertEquals([format, version], ["showtell-captioner", 1]);
});

Deno.test("captionerFileFromJson() of another version names the file, the key and the remedy", () => {
  const other = captionerFileToJson(captioner).replace('"version": 1', '"version": 2');
  assertThrows(
    () => captionerFileFromJson(other, "page/captioner.json"),
    SyntaxError,
    "page/captioner.json is not a captioner of this version: version: Invalid input: expected 1; " +
      "export the run again",
  );
  assertThrows(
    () => captionerFileFromJson("<html>", "page/captioner.json"),
    SyntaxError,
    "page/captioner.json is not JSON: export the run again",
  );
});

Deno.test("captionerFileFromJson() refuses paths that lead out of the export's folder", () => {
  const json = captionerFileToJson(captioner);
  const outside = ["../words.json", "/etc/passwd", "https://example.org/w", "//example.org/w"];
  for (const path of [...outside, "a/../../b", "a//b", "..", "a\\b"]) {
    const attack = json.replace('"words.json"', JSON.stringify(path));
    assertThrows(
      () => captionerFileFromJson(attack, "it"),
      SyntaxError,
      "tokenizer: is not the path of a file in the export's folder",
    );
  }
  const deeper = json.replace("words.json", "text/words.json");
  assertEquals(captionerFileFromJson(deeper, "it").tokenizer, "text/words.json");
});

Deno.test({
  name: "loadCaptioner() of a folder without captioner.json names the address",
  ignore: !granted("net"),
  fn: async () => {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    const server = Deno.serve(options, () => new Response("", { status: 404 }));
    const folder = `http://127.0.0.1:${server.addr.port}/page`;
    try {
      await assertRejects(
        () => loadCaptioner(folder),
        Error,
        `${folder}/captioner.json cannot be loaded: HTTP 404; the server needs the whole exported folder`,
      );
    } finally {
      await server.shutdown();
    }
  },
});
