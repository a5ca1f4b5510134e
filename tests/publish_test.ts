import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "./assert.ts";
import { granted } from "./permissions.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const ignore = !granted("read", "write", "run");

async function deno(cwd: string, ...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test({
  name: "the package could be published: no slow types, and none of data, tests and .ci in it",
  ignore,
  async fn() {
    // Slow types are found without a type check, which takes longer.
    const { success, out, err } = await deno(
      root,
      ...["publish", "--dry-run", "--allow-dirty", "--no-check"],
    );
    assert(success, err);
    const files = (out + err).split("\n").flatMap((line) => {
      const [, file] = /^ +file:\/\/(\/.*) \([^()]*B\)$/.exec(line) ?? [];
      return file === undefined ? [] : [decodeURI(file).slice(root.length)];
    });
    assert(files.includes("lib/text/mod.ts") && files.includes("LICENSE"), `${files}`);
    const allowed = /^(lib\/|configs\/|LICENSE$|README\.md$|deno\.json$)/;
    assertEquals(files.filter((file) => !allowed.test(file)), []);
  },
});

const PROJECT = `
import { Captioner } from "@showtell/showtell/captioner";
import { decodingSettings } from "@showtell/showtell/decoding";
import { nltkSentenceBleu, scoreCaptions } from "@showtell/showtell/metrics";
import { createDecoder, modelSettings } from "@showtell/showtell/models";
import { decodeSafetensors, encodeSafetensors } from "@showtell/showtell/safetensors";
import { cleaner, fitTokenizer, textSettings } from "@showtell/showtell/text";
import * as tf from "@tensorflow/tfjs";

const clean = cleaner("default");
const tokenizer = fitTokenizer(["A dog runs."], textSettings.parse({}));

tf.enableProdMode();
await tf.setBackend("cpu");
const featureShape = [4];
const decoder = createDecoder(
  modelSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 3 }),
  { vocabularySize: tokenizer.vocabularySize, featureShape },
);
const file = decodeSafetensors(encodeSafetensors(decoder.initialWeights(1)), "made weights");
const weights = Array.from(
  file.tensors,
  ([name, { shape, data }]) => [name, { shape, data: data as Float32Array }] as const,
);
const captioner = new Captioner({
  decoder,
  weights: new Map(weights),
  tokenizer,
  featureShape,
  decoding: decodingSettings.parse({ maxLength: 5 }),
});
const captions = await captioner.captionFeatures(Float32Array.of(1, 2, 3, 4), 1);
captioner.dispose();

console.log(JSON.stringify({
  captions: captions.length,
  caption: typeof captions[0].caption,
  words: clean("A DOG, running!"),
  encoded: tokenizer.encode("A dog runs.").length,
  bleu: nltkSentenceBleu(["a", "dog", "runs", "fast"], [["a", "dog", "runs", "fast"]]),
  kind: typeof scoreCaptions,
}));
`;

Deno.test({
  name:
    "another Deno project captions a feature and scores captions by the package's name, types included",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const { imports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
      const config = {
        links: [root],
        imports: {
          "@showtell/showtell": "jsr:@showtell/showtell@^0.1.0",
          "@tensorflow/tfjs": imports["@tensorflow/tfjs"],
        },
      };
      await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
      await Deno.writeTextFile(`${folder}/main.ts`, PROJECT);
      const { success, out, err } = await deno(folder, "run", "-q", "--check", "main.ts");
      assert(success, err);
      const { bleu, ...rest } = JSON.parse(out);
      assertEquals(rest, {
        captions: 1,
        caption: "string",
        words: ["a", "dog", "running"],
        encoded: 5,
        kind: "function",
      });
      assertEquals(bleu, 1);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
