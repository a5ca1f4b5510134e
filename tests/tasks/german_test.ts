import { fileURLToPath } from "node:url";
import { tokenizerFromJson } from "../../lib/text/mod.ts";
import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, json, run } from "./task.ts";

const shared = fileURLToPath(new URL("../../../shared/", import.meta.url));
const weights = `${shared}weights/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5`;
const files = [`${shared}multi30k/val.1.de`, `${shared}flickr8k/Images`, weights];
const there = !ignore && (await Promise.all(files.map(exists))).every(Boolean);

Deno.test({
  name: "train --config multi30k_german on Flickr8k's photos beats word frequencies, in German",
  ignore: !there,
  fn: () =>
    inFolder(async (folder) => {
      const trained = await json(
        folder,
        "train",
        "--config=multi30k_german",
        `--dataset.source=${shared}multi30k`,
        `--dataset.images=${shared}flickr8k/Images`,
        `--encoder.weights=${weights}`,
        "--training.epochs=6",
      );
      assertEquals([trained.evaluation.split, trained.evaluation.photos], ["test", 22]);
      const dir = `${folder}/${trained.run}`;
      const history = (await Deno.readTextFile(`${dir}/history.jsonl`)).trim().split("\n");
      const losses = history.map((line) => JSON.parse(line).val_loss);
      assert(Math.min(...losses) < trained.unigramLoss, `${losses} against ${trained.unigramLoss}`);
      const tokenizer = tokenizerFromJson(await Deno.readTextFile(`${dir}/tokenizer.json`));
      const german = new Set(tokenizer.words.map(({ word }) => word));
      assert(["mädchen", "männer", "läuft", "ein"].every((word) => german.has(word)));
      const photo = "1012212859_01547e3f17.jpg";
      const { code, out, err } = await run(
        folder,
        "caption",
        `--run=${trained.run}`,
        "--json",
        `${shared}flickr8k/Images/${photo}`,
      );
      assertEquals(code, 0, err);
      const { caption } = JSON.parse(out);
      assert(/^(ein|eine|zwei|der|die|das|mehrere) /.test(caption), caption);
      assert(caption.split(" ").every((word: string) => german.has(word)), caption);
    }),
});
