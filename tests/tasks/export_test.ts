import { fileURLToPath } from "node:url";
import { readKerasModel } from "../../lib/interchange/mod.ts";
import { decoderLayers } from "../../lib/interchange/keras/decoder_layers.ts";
import { asKerasDecoder } from "../../lib/interchange/keras/keras_decoder.ts";
import { kerasArchive } from "../../lib/interchange/keras/write_archive.ts";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import { KerasTokenizer } from "../../lib/text/mod.ts";
import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ignore = !granted("read", "write", "run", "env", "sys");

/** Runs a task with its permissions, in a working folder. */
async function run(folder: string, task: "import" | "export", ...args: string[]) {
  const permissions = ["--allow-read", "--allow-env", "--allow-sys", "--allow-write=data"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", `--config=${root}deno.json`, ...permissions]
      .concat(`${root}tasks/${task}.ts`, ...args),
    cwd: folder,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test({
  name: "export of an imported Keras project returns its weights, words and length",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const keras = new KerasTokenizer();
      keras.fitOnTexts(["startseq a dog runs endseq", "startseq a cat endseq"]);
      const settings = modelSettings.parse({
        kind: "bilstm_dot",
        embedding: 3,
        units: 4,
        dense: 4,
        imageSteps: 9,
        softmaxOver: 9,
      });
      const inputs = { vocabularySize: keras.wordIndex.size + 1, featureShape: [4096] };
      const weights = createDecoder(settings, inputs).initialWeights(1);
      const spec = decoderLayers(asKerasDecoder(settings), inputs, { length: 9 });
      await Deno.writeFile(`${folder}/mymodel.keras`, await kerasArchive(spec, weights));
      await Deno.writeTextFile(`${folder}/tokenizer.json`, keras.toJson());
      const imported = await run(
        folder,
        "import",
        "--name=mymodel",
        "mymodel.keras",
        "tokenizer.json",
      );
      assertEquals(imported.code, 0, imported.err);
      for (const format of ["keras", "h5"]) {
        const { code, out, err } = await run(
          folder,
          "export",
          ...["--run=data/runs/mymodel", `--format=${format}`, "--json"],
        );
        assertEquals(code, 0, err);
        const { output, ...rest } = JSON.parse(out);
        assertEquals(output, `data/exports/mymodel-${format}`);
        assertEquals(rest.format, format);
        const model = await readKerasModel(`${folder}/${output}/decoder.${format}`);
        assertEquals([model.settings, model.longest], [settings, 9]);
        for (const [name, { data }] of weights) assertEquals(model.weights.get(name)!.data, data);
        const words = KerasTokenizer.fromJson(
          await Deno.readTextFile(`${folder}/${output}/tokenizer.json`),
        );
        assertEquals([...words.wordIndex], [...keras.wordIndex]);
      }
      const page = ["--run=data/runs/mymodel", "--format=tfjs", "--without-encoder"];
      assertEquals((await run(folder, "export", ...page)).code, 0);
      assert(await exists(`${folder}/data/exports/mymodel-tfjs/decoder/model.json`));
      const again = await run(folder, "export", ...page);
      assertEquals(again.code, 1);
      assertEquals(
        again.err,
        "Error: data/exports/mymodel-tfjs is there already: choose another --output, or " +
          "--overwrite it\n",
      );
      assertEquals((await run(folder, "export", ...page, "--overwrite")).code, 0);
      const wrong = await run(folder, "export", "--run=data/runs/mymodel", "--format=onnx");
      assertEquals(wrong.code, 2);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
