import { join } from "node:path";
import { loadConfig } from "../../lib/config/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import {
  exportRun,
  openCaptioner,
  openEnsemble,
  throughEvaluation,
  throughTraining,
} from "../../lib/stages/mod.ts";
import { RunEnsemble } from "../../lib/run/mod.ts";
import { readCheckpointWeights } from "../../lib/training/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { overheard } from "./made_experiment.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "net", "run");

const small = [
  ...["dataset.train=40", "dataset.dev=6", "dataset.test=4", "text.minCount=1"],
  ...["model.embedding=16", "model.units=16", "model.dense=16", "model.wordDropout=0"],
  ...[
    "dataset.size=48",
    "training.batchSize=32",
    "training.learningRate=0.01",
    "decoding.maxLength=8",
  ],
  "encoder.weights=random", // which leaves much to be learned
];

async function made(data: string, name: string, overrides: string[]) {
  const config = await loadConfig({ name, overrides: [...small, ...overrides] });
  return overheard(config, data, await startEngine());
}

const weightsOf = (run: Run) => readCheckpointWeights(run.paths.last).weights;

Deno.test({
  name: "encoder.fineTune trains the last layers from a run, and the run captions with them",
  ignore,
  async fn(t) {
    const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const base = await throughTraining(await made(data, "base", ["training.epochs=3"]));
      const lossOf = async (run: Run) => (await run.readHistory()).at(-1)!.val_loss!;
      const before = await lossOf(base.run);
      const tuned = (name: string, ...overrides: string[]) =>
        made(data, name, [
          ...[`training.from=${base.run.folder}`, "encoder.fineTune.after=pool3"],
          ...overrides,
        ]);
      const still = ["encoder.fineTune.learningRate=0", "training.learningRate=1e-12"];

      await t.step("untrained they give the encoder's feature, and stay as they are", async () => {
        const experiment = await tuned("still", ...still, "training.epochs=1");
        const { run } = await throughTraining(experiment);
        assertAlmostEquals(await lossOf(run), before, 1e-5);
      });

      const two = [
        ...["encoder.fineTune.learningRate=0.001", "training.learningRate=0.002"],
        'training.augmentPhotos={"scale":1.05,"flip":false}', // captions tell left from right
      ];
      const experiment = await tuned("tuned", ...two, "training.epochs=2");
      const { run, features, evaluated } = await throughEvaluation(experiment);

      await t.step("with augmented photos, the dev loss falls below the frozen run's", async () => {
        assert(await lossOf(run) < before, `${await lossOf(run)} from ${before}`);
      });

      await t.step("exactly they are trained, from what is cached before them", () => {
        assert(features.key.startsWith("shapes_cnn-pool3-"), features.key);
        assert(features.folder !== base.features.folder);
        const [now, then] = [weightsOf(run), weightsOf(new Run(join(data, "runs", "still")))];
        const changed = [...now].filter(([name, { data }]) =>
          name.startsWith("encoder/") && data.some((x, i) => x !== then.get(name)!.data[i])
        );
        const layers = ["conv4", "place", "features"];
        assertEquals(
          changed.map(([name]) => name),
          layers.flatMap((layer) => [`encoder/${layer}/kernel`, `encoder/${layer}/bias`]),
        );
      });

      await t.step("resumed after an epoch it has the same weights, bit for bit", async () => {
        await throughTraining(await tuned("resumed", ...two, "training.epochs=1"));
        const { run: resumed } = await throughTraining(
          await tuned("resumed", ...two, "training.epochs=2"),
        );
        assertEquals(weightsOf(resumed), weightsOf(run));
      });

      await t.step("a photo gets the caption that the evaluation has of it", async () => {
        const [{ photo, caption }] = await run.evaluation(`shapes-${evaluated!.evaluation.split}`)
          .readPhotos();
        const path = join(base.prepared.photoFolder, photo);
        const captioner = await openCaptioner(run, { engine: await startEngine() });
        try {
          assertEquals((await captioner.captionPhotos([path]))[0].caption, caption);
        } finally {
          await captioner.dispose();
        }
        const ensemble = new RunEnsemble([run, base.run], data);
        const both = await openEnsemble(ensemble, { engine: await startEngine() });
        try {
          assertEquals((await both.captionPhotos([path])).length, 1);
        } finally {
          await both.dispose();
        }
      });

      await t.step(
        "self-critical training goes on from it, and not without its layers",
        async () => {
          const from = [
            `training.from=${run.folder}`,
            "training.epochs=1",
            "training.learningRate=1e-4",
          ];
          const critical = ['training.selfCritical={"samples":2,"photos":40}', ...from];
          await assertRejects(
            async () => await throughTraining(await made(data, "critical", critical)),
            RangeError,
            'was trained with the layers of its encoder after "pool3": set --encoder.fineTune.after=pool3',
          );
          const further = await made(data, "critical", [
            ...critical,
            "encoder.fineTune.after=pool3",
          ]);
          await throughTraining(further);
        },
      );

      await t.step("an export for Keras, which has no encoder, is refused", async () => {
        await assertRejects(
          () => exportRun(experiment, { run: run.folder, format: "keras" }),
          RangeError,
          "was trained with the last layers of its encoder, and its decoder is of no use without them",
        );
      });

      await t.step("another encoder than the run's is refused", async () => {
        const other = await tuned("other", "encoder.seed=2");
        await assertRejects(() => throughTraining(other), Error, "are not those that this run was");
      });
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});

Deno.test({
  name: "encoder.fineTune is refused before any work where nothing could be trained",
  ignore,
  async fn() {
    const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const refused = async (message: string, ...overrides: string[]) => {
        const experiment = await made(data, "none", overrides);
        await assertRejects(() => throughTraining(experiment), RangeError, message);
        assertEquals(experiment.lines, []);
      };
      await refused("name one by --from (training.from)", "encoder.fineTune.after=pool3");
      const from = ["training.from=somewhere", "encoder.fineTune.after=pool3"];
      await refused(
        "encoder.fineTune trains layers of shapes_cnn, but the features come from x.npz",
        ...from,
        "encoder.features=x.npz",
      );
      await refused(
        'encoder.fineTune.after is "pool4", which is no layer of shapes_cnn before "features"',
        ...from,
        "encoder.fineTune.after=pool4",
      );
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});
