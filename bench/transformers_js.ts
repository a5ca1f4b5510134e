/**
 * Photo files to captions with transformers.js, which runs ViT-GPT2 on ONNX Runtime: captions a
 * second, greedy, from a folder of models that holds Xenova/vit-gpt2-image-captioning.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";

// A name that the type checker does not follow: the package is fetched where this program runs.
const PACKAGE = "npm:@huggingface/transformers@4.3.2";
const MODEL = "Xenova/vit-gpt2-image-captioning";

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    weights: { type: "string" },
    limit: { type: "string", default: "160" },
  },
});
if (values.images === undefined || values.weights === undefined) {
  throw new Error(`--images: a folder of photos; --weights: one of models, ${MODEL} in it`);
}
const { env, pipeline } = await import(PACKAGE);
Object.assign(env, { allowRemoteModels: false, localModelPath: values.weights });
const captioner = await pipeline("image-to-text", MODEL);
const names = [...Deno.readDirSync(values.images)].map(({ name }) => name).toSorted()
  .slice(0, Number(values.limit));
const caption = (name: string) => captioner(join(values.images!, name), { max_new_tokens: 16 });
await caption(names[0]); // warm up
const began = performance.now();
for (const name of names) await caption(name);
const photosPerSecond = names.length / (performance.now() - began) * 1000;
console.log(JSON.stringify({ model: MODEL, photosPerSecond: Number(photosPerSecond.toFixed(3)) }));
Deno.exit();
