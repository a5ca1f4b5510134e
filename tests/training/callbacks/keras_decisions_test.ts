import { EarlyStopping } from "../../../lib/training/callbacks/early_stopping.ts";
import { ModelCheckpoint } from "../../../lib/training/callbacks/model_checkpoint.ts";
import { ReduceLROnPlateau } from "../../../lib/training/callbacks/reduce_lr_on_plateau.ts";
import type { CallbackState } from "../../../lib/training/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { FakeTraining, kept } from "./fake_training.ts";

interface Case {
  kind: "EarlyStopping" | "ReduceLROnPlateau" | "ModelCheckpoint";
  mode: "min" | "max";
  options: Record<string, number | boolean | null>;
  values: number[];
  decided: {
    rates: number[];
    stopped: number | null;
    saved: number[];
    restored: number | null;
  };
}

function made({ kind, mode, options }: Case, folder: string) {
  const all = { ...options, monitor: "figure", mode };
  if (kind === "EarlyStopping") return new EarlyStopping(all);
  if (kind === "ReduceLROnPlateau") return new ReduceLROnPlateau(all);
  return new ModelCheckpoint({
    ...all,
    bestPath: `${folder}/best.safetensors`,
    lastPath: `${folder}/last.safetensors`,
  });
}

async function withCases(check: (each: Case, folder: string) => Promise<void>): Promise<void> {
  const text = await Deno.readTextFile(new URL("keras_decisions.json", import.meta.url));
  const { cases } = JSON.parse(text) as { cases: Case[] };
  assert(cases.length === 180);
  const folder = await Deno.makeTempDir();
  try {
    for (const each of cases) await check(each, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function decided(training: FakeTraining, epochs: number): Case["decided"] {
  return {
    rates: training.rates,
    stopped: training.stopped,
    saved: training.saved.filter(({ name }) => name === "best.safetensors").map((s) => s.epoch),
    restored: training.weights === epochs - 1 ? null : training.weights,
  };
}

/** Keras also "restores" the last epoch's own weights, which changes nothing. */
function expected({ decided, values }: Case): Case["decided"] {
  const last = decided.rates.length - 1;
  assert(last < values.length);
  return { ...decided, restored: decided.restored === last ? null : decided.restored };
}

Deno.test({
  name: "EarlyStopping, ReduceLROnPlateau and ModelCheckpoint decide as Keras 3.15 did",
  ignore: !granted("read", "write"),
  fn: () =>
    withCases(async (each, folder) => {
      const training = new FakeTraining([made(each, folder)]);
      await training.run(each.values.map((figure) => ({ figure })));
      assertEquals(decided(training, training.rates.length), expected(each), JSON.stringify(each));
    }),
});

Deno.test({
  name: "callbacks resumed from state() after any epoch decide as if never interrupted",
  ignore: !granted("read", "write"),
  fn: () =>
    withCases(async (each, folder) => {
      const epochs = each.decided.rates.length;
      for (const cut of [1, 2, 5].filter((cut) => cut < epochs)) {
        const before = made(each, folder);
        const first = new FakeTraining([before]);
        const last = each.values.slice(0, cut).map((figure) => ({ figure }));
        // The state is taken before the end of training, as at a kill.
        let state: CallbackState | undefined;
        first.callbacks.push({
          name: "kill",
          onEpochEnd: () => {
            state = kept(before.state());
          },
        });
        await first.run(last);
        const after = made(each, folder);
        const second = new FakeTraining([after], first.learningRate);
        const rest = each.values.slice(cut).map((figure) => ({ figure }));
        await second.run(rest, cut, { [after.name]: state! });
        const whole = decided(second, epochs);
        whole.rates.unshift(...first.rates);
        whole.saved.unshift(...decided(first, -1).saved);
        assertEquals(whole, expected(each), `cut after ${cut}: ${JSON.stringify(each)}`);
      }
    }),
});
