import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import {
  type Callback,
  type Gradients,
  type Logs,
  readCheckpoint,
  trainDecoder,
  type TrainingControl,
  type TrainingOptions,
  trainingSettings,
  validationLoss,
} from "../../lib/training/mod.ts";
import { EarlyStopping } from "../../lib/training/callbacks/early_stopping.ts";
import { ModelCheckpoint } from "../../lib/training/callbacks/model_checkpoint.ts";
import { TerminateOnNaN } from "../../lib/training/callbacks/terminate_on_nan.ts";
import { plainAdam, type Weights } from "../../lib/nn/mod.ts";
import { sumGradients } from "../../lib/training/gradients_of.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";

type Engine = Awaited<ReturnType<typeof startTensorFlow>>;

const train = madeCaptions(20);
const dev = madeCaptions(7, { seed: 6 });

/** A small training of 20 captions in 5 batches an epoch, changed as wanted. */
function options(
  { fused, optimizer }: Engine,
  { model = {}, settings = {}, ...changes }:
    & Partial<Omit<TrainingOptions, "settings">>
    & { model?: Record<string, unknown>; settings?: Record<string, unknown> } = {},
): TrainingOptions {
  return {
    decoder: createDecoder(
      modelSettings.parse({ kind: "merge", embedding: 5, units: 7, dense: 4, ...model }),
      { vocabularySize: 23, featureShape: [6] },
      fused,
    ),
    settings: trainingSettings.parse({ epochs: 3, batchSize: 4, learningRate: 0.01, ...settings }),
    train,
    optimizer,
    ...changes,
  };
}

/** A test that leaves no tensor and no handle. */
function test(name: string, criterion: (engine: Engine) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const engine = await startTensorFlow();
      await withoutLeak(engine.backend, () => criterion(engine));
    },
  });
}

const numbers = (weights: Weights) => [...weights].map(([name, { data }]) => [name, ...data]);

const copied = (tensors: Map<string, tf.Tensor>) =>
  new Map([...tensors].map(([name, tensor]) => [name, tensor.clone()]));

/** A callback that writes down what it is called with. */
class Recorder implements Callback {
  readonly name: string;
  control?: TrainingControl;
  epochs: Logs[] = [];
  #calls: string[];

  constructor(name: string, calls: string[] = []) {
    this.name = name;
    this.#calls = calls;
  }

  onTrainBegin(control: TrainingControl) {
    this.control = control;
    this.#calls.push(`${this.name} train begin`);
  }
  onEpochBegin(epoch: number) {
    this.#calls.push(`${this.name} epoch ${epoch} begin`);
  }
  onStepEnd(step: number, logs: Logs) {
    this.#calls.push(`${this.name} step ${step} end, ${Object.keys(logs)}`);
  }
  onEpochEnd(epoch: number, logs: Logs) {
    this.epochs.push({ ...logs });
    this.#calls.push(`${this.name} epoch ${epoch} end, ${Object.keys(logs)}`);
    logs[`seen by ${this.name}`] = 1;
  }
  onTrainEnd() {
    this.#calls.push(`${this.name} train end`);
  }
}

test("trainDecoder() gives the same weights for the same seed, bit for bit, and others for another", async (engine) => {
  const model = { imageDropout: 0.5, wordDropout: 0.5 };
  const run = async (seed: number) =>
    numbers((await trainDecoder(options(engine, { model, settings: { seed } }))).weights);
  const first = await run(1);
  assertEquals(await run(1), first);
  assert(JSON.stringify(await run(2)) !== JSON.stringify(first));
});

test("trainDecoder() overfits a tiny batch: loss below 0.1", async (engine) => {
  const history = new Recorder("history");
  const few = madeCaptions(3);
  const { weights } = await trainDecoder(options(engine, {
    train: few,
    dev: few,
    model: { units: 24, dense: 24, embedding: 12, imageDropout: 0, wordDropout: 0 },
    settings: { epochs: 100, learningRate: 0.02 },
    callbacks: [history],
  }));
  assert(Math.abs(history.epochs[0].loss - Math.log(23)) < 0.3, `${history.epochs[0].loss}`);
  assert(history.epochs.at(-1)!.val_loss < 0.1, `${history.epochs.at(-1)!.val_loss}`);
  assert(weights.get("output/kernel")!.data.every(Number.isFinite));
});

test("trainDecoder() holds as many tensors and handles after every epoch", async ({ ...engine }) => {
  const counts: string[] = [];
  await trainDecoder(options(engine, {
    dev,
    model: { l2: 0.01 },
    settings: { epochs: 4 },
    callbacks: [{
      name: "count",
      onEpochEnd: () => {
        counts.push(`${tf.memory().numTensors} ${engine.backend.binding.getNumOfTensors()}`);
      },
    }],
  }));
  assertEquals(counts, new Array(4).fill(counts[0]));
});

test("trainDecoder() that resumes from a checkpoint ends where an undisturbed one does, bit for bit", async (engine) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "last.safetensors");
    const model = { imageDropout: 0.5, wordDropout: 0.5, l2: 0.001 };
    let counted = 0;
    const counter = (save: boolean): Callback => ({
      name: "counter",
      async onEpochEnd(epoch) {
        counted++;
        if (!save || epoch !== 1) return;
        control!.learningRate = 0.003;
        await control!.saveCheckpoint(path);
      },
      onTrainBegin: (given, state) => {
        control = given;
        counted = (state?.json as { counted: number } | undefined)?.counted ?? 0;
      },
      state: () => ({ json: { counted } }),
    });
    let control: TrainingControl | undefined;
    const whole = await trainDecoder(options(engine, {
      model,
      settings: { epochs: 4, clipNorm: 0.05 }, // a sum over all gradients: their order counts
      callbacks: [counter(true)],
    }));
    assertEquals(counted, 4);
    counted = 0;
    const from = readCheckpoint(path);
    assertEquals(from.position, { epoch: 2, step: 0, sums: { loss: 0, words: 0 } });
    assertEquals([from.steps, from.learningRate], [10, 0.003]);
    const resumed = await trainDecoder(options(engine, {
      model,
      settings: { epochs: 4, clipNorm: 0.05 },
      callbacks: [counter(false)],
      from,
    }));
    assertEquals(counted, 4); // two of them restored
    assertEquals([resumed.epochs, whole.epochs], [4, 4]);
    assertEquals(numbers(resumed.weights), numbers(whole.weights));
    await assertRejects(
      () => trainDecoder(options(engine, { model: { dense: 5 }, from })),
      RangeError,
      "another network: dense/kernel should be [7,5], but is [7,4]",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const frozen: Record<string, unknown>[] = [
  { kind: "merge", l2: 0.1 },
  { kind: "par_inject", cell: "gru", layers: 2 },
  { kind: "init_inject" },
  { kind: "bilstm_dot", imageSteps: 3 },
];

for (const adam of ["the engine's", "TF.js'"]) {
  test(`trainDecoder() with trainEmbedding false changes all weights but the embedding, by ${adam} Adam`, async (engine) => {
    for (const model of frozen) {
      const given = options(engine, {
        model: { trainEmbedding: false, ...model },
        settings: { epochs: 1, clipNorm: 0.05, maxActivations: 1000 }, // in parts, scaled down
        ...adam === "TF.js'" ? { optimizer: plainAdam } : {},
      });
      const before = given.decoder.initialWeights(1);
      const { weights } = await trainDecoder(given);
      for (const [name, { data }] of before) {
        const isSame = String(data) === String(weights.get(name)!.data);
        assertEquals(isSame, name === "embedding/embeddings", `${model.kind}: ${name}`);
      }
    }
  });
}

for (const [epoch, step] of [[0, 0], [1, 2], [1, 4], [2, 4]]) {
  test(`trainDecoder() resumed after step ${step} of epoch ${epoch} does what an undisturbed one does, bit for bit`, async (engine) => {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "within.safetensors");
      const given = () => {
        const history = new Recorder("history");
        const stopping = new EarlyStopping({ monitor: "loss", restoreBestWeights: true });
        const changes = {
          dev,
          model: epoch === 2
            ? {
              kind: "par_inject",
              cell: "gru",
              layers: 2,
              layerDropout: 0.3,
              trainEmbedding: false,
            }
            : { imageDropout: 0.5, wordDropout: 0.5, l2: 0.001 },
          settings: { epochs: 3, clipNorm: 0.05, maxActivations: 1000 },
        };
        return { history, stopping, changes };
      };
      const { history, stopping, changes } = given();
      let at = -1;
      const save: Callback = {
        name: "save",
        onEpochBegin: (begun) => void (at = begun),
        onStepEnd: async (done) => {
          if (at === epoch && done === step) await history.control!.saveCheckpoint(path);
        },
      };
      const whole = await trainDecoder(
        options(engine, { ...changes, callbacks: [history, stopping, save] }),
      );
      const from = readCheckpoint(path);
      assertEquals([from.position.epoch, from.position.step], [epoch, step + 1]);
      assertEquals(from.steps, 5 * epoch + step + 1);
      const again = given();
      const resumed = await trainDecoder(
        options(engine, { ...changes, callbacks: [again.history, again.stopping], from }),
      );
      assertEquals(numbers(resumed.weights), numbers(whole.weights));
      assertEquals(again.history.epochs, history.epochs.slice(epoch));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const [epoch, step] of [[1, 2], [1, 4]]) {
  test(`trainDecoder() interrupted after step ${step} of epoch ${epoch} keeps it, and resumes to the same weights`, async (engine) => {
    const folder = await Deno.makeTempDir();
    try {
      const interrupt = new AbortController();
      const paths = { bestPath: join(folder, "best"), lastPath: join(folder, "last") };
      let at = -1;
      const stop: Callback = {
        name: "stop",
        onEpochBegin: (begun) => void (at = begun),
        onStepEnd: (done) => {
          if (at === epoch && done === step) interrupt.abort(new Error("enough"));
        },
      };
      const checkpoint = () => new ModelCheckpoint(paths);
      await assertRejects(
        () =>
          trainDecoder(
            options(engine, { dev, callbacks: [stop, checkpoint()], signal: interrupt.signal }),
          ),
        Error,
        "enough",
      );
      const from = readCheckpoint(paths.lastPath);
      assertEquals([from.position.epoch, from.position.step], [epoch, step + 1]);
      const resumed = await trainDecoder(options(engine, { dev, callbacks: [checkpoint()], from }));
      const whole = await trainDecoder(options(engine, { dev }));
      assertEquals(numbers(resumed.weights), numbers(whole.weights));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

test("trainDecoder() resumed after its best epoch still ends with that epoch's weights", async (engine) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "last.safetensors");
    let epoch = 0;
    const figure: Callback = { // only epoch 1 is good
      name: "figure",
      onEpochEnd: (done, logs) => void (logs.figure = done === 1 ? 0 : 1),
    };
    const stopping = () =>
      new EarlyStopping({ monitor: "figure", mode: "min", patience: 9, restoreBestWeights: true });
    const recorder = new Recorder("save");
    recorder.onEpochEnd = async () => {
      if (epoch++ === 2) await recorder.control!.saveCheckpoint(path);
    };
    const settings = { epochs: 4 };
    const whole = await trainDecoder(
      options(engine, { settings, callbacks: [figure, stopping(), recorder] }),
    );
    const resumed = await trainDecoder(
      options(engine, { settings, callbacks: [figure, stopping()], from: readCheckpoint(path) }),
    );
    assertEquals(numbers(resumed.weights), numbers(whole.weights));
    const atSecond = await trainDecoder(options(engine, { settings: { epochs: 2 } }));
    assertEquals(numbers(resumed.weights), numbers(atSecond.weights));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("trainDecoder() refuses two callbacks that would keep their states under one name", async (engine) => {
  const [one, other] = [
    new EarlyStopping({ monitor: "loss" }),
    new EarlyStopping({ monitor: "loss" }),
  ];
  await assertRejects(
    () => trainDecoder(options(engine, { callbacks: [one, other] })),
    RangeError,
    'Two callbacks are named "EarlyStopping"',
  );
  other.name = "another";
  await trainDecoder(options(engine, { settings: { epochs: 1 }, callbacks: [one, other] }));
});

test("trainDecoder() saves at the end of training what it saved at the end of the last epoch", async (engine) => {
  const folder = await Deno.makeTempDir();
  try {
    let control: TrainingControl | undefined;
    const save = (name: string) => control!.saveCheckpoint(join(folder, name));
    await trainDecoder(options(engine, {
      callbacks: [{
        name: "save",
        onTrainBegin: (given) => {
          control = given;
        },
        onEpochEnd: () => save("epoch"),
        onTrainEnd: () => save("end"),
      }],
    }));
    const [epoch, end] = ["epoch", "end"].map((name) => Deno.readFileSync(join(folder, name)));
    assertEquals(end, epoch);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("trainDecoder() in three ranks ends with the same weights in all, those of one up to rounding", async (engine) => {
  const model = { imageDropout: 0, wordDropout: 0, l2: 0.01 };
  const settings = { epochs: 2, batchSize: 7, clipNorm: 0.05 }; // the last batch has 6 captions
  const ranks = 3;
  let found: Gradients[] = [];
  let turn = Promise.withResolvers<Gradients>();
  const reduce = (own: Gradients): Promise<Gradients> => {
    const { promise, resolve } = turn;
    found.push(own);
    const taken = promise.then((all) => ({ ...all, sums: copied(all.sums) }));
    if (found.length === ranks) {
      const all = found.reduce(sumGradients);
      found = [];
      turn = Promise.withResolvers();
      resolve(all);
      promise.then(() => tf.dispose([...all.sums.values()]));
    }
    return taken;
  };
  const results = await Promise.all(
    [0, 1, 2].map((rank) =>
      trainDecoder(options(engine, { model, settings, ranks: { rank, ranks, reduce } }))
    ),
  );
  const alone = await trainDecoder(options(engine, { model, settings }));
  for (const { weights } of results) assertEquals(numbers(weights), numbers(results[0].weights));
  for (const [name, { data }] of alone.weights) {
    const size = Math.max(...data.map(Math.abs));
    const other = results[0].weights.get(name)!.data;
    const error = Math.max(...data.map((x, i) => Math.abs(x - other[i])));
    assert(error < 1e-4 * size, `${name}: ${error} of ${size}`);
  }
});

test("trainDecoder() calls callbacks at Keras' moments, in their order; logs pass from one to the next", async (engine) => {
  const calls: string[] = [];
  await trainDecoder(options(engine, {
    dev,
    settings: { epochs: 2, batchSize: 10 },
    callbacks: [new Recorder("a", calls), new Recorder("b", calls)],
  }));
  const epoch = (number: number) => [
    `a epoch ${number} begin`,
    `b epoch ${number} begin`,
    ...[0, 1].flatMap((step) => [`a step ${step} end, loss`, `b step ${step} end, loss`]),
    `a epoch ${number} end, loss,val_loss`,
    `b epoch ${number} end, loss,val_loss,seen by a`,
  ];
  assertEquals(calls, [
    "a train begin",
    "b train begin",
    ...epoch(0),
    ...epoch(1),
    "a train end",
    "b train end",
  ]);
});

test("trainDecoder()'s loss is the mean over words, val_loss that of the weights after the epoch", async (engine) => {
  const steps: number[] = [];
  const recorder = new Recorder("recorder");
  const given = options(engine, {
    dev,
    model: { imageDropout: 0, wordDropout: 0, l2: 0.5 },
    settings: { epochs: 1, batchSize: 20 },
    callbacks: [recorder, {
      name: "steps",
      onStepEnd: (_, { loss }) => {
        steps.push(loss);
      },
    }],
  });
  const { weights } = await trainDecoder(given);
  // One batch: its loss is that of the first weights, the penalty not counted.
  const loss = (weights: Weights, set: typeof dev) =>
    validationLoss(
      given.decoder,
      {
        read: () =>
          new Map([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, shape)])),
      },
      set,
      { batchSize: 3, maxActivations: Infinity },
    );
  const initial = await loss(given.decoder.initialWeights(given.settings.seed), train);
  assertAlmostEquals(steps[0], initial, 1e-5);
  assertAlmostEquals(recorder.epochs[0].loss, initial, 1e-5);
  assertAlmostEquals(recorder.epochs[0].val_loss, await loss(weights, dev), 1e-5);
});

test("trainDecoder() without a dev set gives no val_loss", async (engine) => {
  const recorder = new Recorder("recorder");
  await trainDecoder(options(engine, { settings: { epochs: 1 }, callbacks: [recorder] }));
  assertEquals(Object.keys(recorder.epochs[0]), ["loss"]);
});

test("trainDecoder() clips by the norm over all gradients", async (engine) => {
  // Adam hardly sees a scale of gradients: its first moment does.
  const norm = async (clipNorm: number | null) => {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "checkpoint");
      let control: TrainingControl | undefined;
      await trainDecoder(options(engine, {
        settings: { epochs: 1, batchSize: 20, clipNorm },
        callbacks: [{
          name: "save",
          onTrainBegin: (given) => {
            control = given;
          },
          onEpochEnd: () => control!.saveCheckpoint(path),
        }],
      }));
      const squares = [...readCheckpoint(path).moments]
        .filter(([name]) => name.endsWith("/m"))
        .flatMap(([, { data }]) => [...data])
        .reduce((sum, m) => sum + (10 * m) ** 2, 0); // m = 0.1 × gradient after one step
      return Math.sqrt(squares);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
  const free = await norm(null);
  assert(free > 0.05, `${free}`);
  assertAlmostEquals(await norm(free / 4), free / 4, 1e-5 * free);
  assertAlmostEquals(await norm(2 * free), free, 1e-5 * free);
});

test("trainDecoder() ends after the epoch in which a callback asks for it, and says why", async (engine) => {
  const said: string[] = [];
  let control: TrainingControl | undefined;
  const result = await trainDecoder(options(engine, {
    settings: { epochs: 9 },
    say: (line) => said.push(line),
    callbacks: [{
      name: "stop",
      onTrainBegin: (given) => {
        control = given;
      },
      onStepEnd: (step) => {
        if (step === 2) control!.stop("that is enough");
      },
    }],
  }));
  assertEquals([result.epochs, said], [1, ["that is enough"]]);
});

test("trainDecoder() returns the weights that a callback set at the end", async (engine) => {
  let control: TrainingControl | undefined;
  let first: Weights | undefined;
  const { weights } = await trainDecoder(options(engine, {
    callbacks: [{
      name: "restore",
      onTrainBegin: (given) => {
        control = given;
      },
      onEpochEnd: () => {
        first ??= control!.getWeights();
      },
      onTrainEnd: () => control!.setWeights(first!),
    }],
  }));
  assertEquals(numbers(weights), numbers(first!));
});

test("trainDecoder() takes a learning rate that a callback sets at the next step", async (engine) => {
  let control: TrainingControl | undefined;
  const kept: string[] = [];
  await trainDecoder(options(engine, {
    settings: { epochs: 1 },
    callbacks: [{
      name: "still",
      onTrainBegin: (given) => {
        control = given;
        assertEquals(control.learningRate, 0.01);
      },
      onStepEnd: (step) => {
        kept.push(JSON.stringify(numbers(control!.getWeights())));
        if (step === 1) control!.learningRate = 0;
      },
    }],
  }));
  assert(kept[0] !== kept[1]);
  assertEquals(new Set(kept.slice(1)).size, 1);
});

test("trainDecoder() stops by a signal after the step it is in, and frees what it held", async (engine) => {
  const controller = new AbortController();
  const steps: number[] = [];
  const error = await assertRejects(
    () =>
      trainDecoder(options(engine, {
        signal: controller.signal,
        onProgress: (stage, done, total) => {
          assertEquals(total, 5);
          steps.push((Number(stage.replace("Epoch ", "")) - 1) * total + done);
          if (steps.length === 7) controller.abort();
        },
      })),
    DOMException,
  );
  assertEquals(error.name, "AbortError");
  assertEquals(steps, [1, 2, 3, 4, 5, 6, 7]);
});

test("trainDecoder() with TerminateOnNaN reports a loss that is not a number", async (engine) => {
  const features = {
    ...train.features,
    gather: (digests: string[]) => train.features.gather(digests).map((x) => x * 1e38 * 1e38),
  };
  await assertRejects(
    () =>
      trainDecoder(options(engine, {
        train: { ...train, features },
        callbacks: [new TerminateOnNaN()],
      })),
    RangeError,
    "step 1 of epoch 1",
  );
});

test("trainDecoder() refuses to train on nothing", async (engine) => {
  const nothing = { ...train, captions: [], photos: [] };
  await assertRejects(
    () => trainDecoder(options(engine, { train: nothing })),
    RangeError,
    "There are no captions to train on",
  );
});

test("trainDecoder() frees what it held where a callback throws", async (engine) => {
  for (const moment of ["onTrainBegin", "onEpochBegin", "onStepEnd", "onEpochEnd", "onTrainEnd"]) {
    const callback: Callback = {
      name: "broken",
      [moment]: () => {
        throw new Error(`broken ${moment}`);
      },
    };
    await assertRejects(
      () => trainDecoder(options(engine, { callbacks: [callback], settings: { epochs: 1 } })),
      Error,
      `broken ${moment}`,
    );
  }
});
