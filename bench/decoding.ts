/** Features to captions: captions a second of a trained run, its features cached. */
import { parseArgs } from "node:util";
import { readDataset } from "../lib/datasets/mod.ts";
import { openFeatures } from "../lib/features/mod.ts";
import { encoderKeyOf, Run } from "../lib/run/mod.ts";
import { datasetFolder, featuresFolder, openCaptioner } from "../lib/stages/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";

const { values } = parseArgs({
  options: {
    run: { type: "string" },
    beam: { type: "string", default: "1" },
    photos: { type: "string", default: "1000" },
  },
});
if (values.run === undefined) throw new Error("--run: the folder of a trained run");
const run = new Run(values.run);
const config = await run.readConfig();
const encoderKey = encoderKeyOf(await run.readTraining());
if (encoderKey === null) {
  throw new Error("--run: a run that was trained here, features and all");
}
const engine = await startEngine({ say: console.error });
const { captioner } = await openCaptioner(run, { engine });
const where = { config, data: "data" };
const { captions } = await readDataset(datasetFolder(where));
const features = await openFeatures(featuresFolder(where, encoderKey));
const digests = [...new Set(captions.map(({ digest }) => digest))]
  .filter((digest) => features.has(digest)).slice(0, Number(values.photos));
const given = features.gather(digests);
const decoding = { ...config.decoding, beam: Number(values.beam) };
await captioner.captionFeatures(given, digests.length, decoding); // warm up
const began = performance.now();
await captioner.captionFeatures(given, digests.length, decoding);
const captionsPerSecond = digests.length / (performance.now() - began) * 1000;
console.log(
  JSON.stringify({
    photos: digests.length,
    beam: decoding.beam,
    captionsPerSecond: Math.round(captionsPerSecond),
  }),
);
Deno.exit();
