import type { Callback, CallbackState, Logs, TrainingControl } from "../../../lib/training/mod.ts";
import type { Weights } from "../../../lib/nn/mod.ts";

/** A loop without a model: its weights are the epoch's number. */
export class FakeTraining implements TrainingControl {
  learningRate: number;
  epoch = -1;
  weights = -1;
  stopped: number | null = null;
  said: string[] = [];
  saved: { epoch: number; name: string; states: Record<string, CallbackState | undefined> }[] = [];
  rates: number[] = [];

  constructor(readonly callbacks: Callback[], learningRate = 1) {
    this.learningRate = learningRate;
  }

  getWeights(): Weights {
    return new Map([["w", { shape: [1], data: Float32Array.of(this.weights) }]]);
  }

  setWeights(weights: Weights): void {
    this.weights = weights.get("w")!.data[0];
  }

  saveCheckpoint(path: string): Promise<void> {
    const states = Object.fromEntries(this.callbacks.map((each) => [each.name, each.state?.()]));
    this.saved.push({ epoch: this.epoch, name: path.split("/").at(-1)!, states });
    return Promise.resolve();
  }

  stop(reason: string): void {
    this.stopped = this.epoch;
    this.say(reason);
  }

  say(line: string): void {
    this.said.push(line);
  }

  /** Runs an epoch for each of the logs, as the real loop calls its callbacks with their states. */
  async run(
    epochs: Logs[],
    from = 0,
    states: Record<string, CallbackState> = {},
  ): Promise<this> {
    for (const each of this.callbacks) await each.onTrainBegin?.(this, states[each.name]);
    for (const [i, logs] of epochs.entries()) {
      if (this.stopped !== null) break;
      this.epoch = this.weights = from + i;
      for (const each of this.callbacks) await each.onEpochBegin?.(this.epoch);
      for (const each of this.callbacks) await each.onStepEnd?.(0, { loss: logs.loss ?? 1 });
      for (const each of this.callbacks) await each.onEpochEnd?.(this.epoch, logs);
      this.rates.push(this.learningRate);
    }
    for (const each of this.callbacks) await each.onTrainEnd?.();
    return this;
  }
}

/** A state as a checkpoint keeps it. */
export function kept({ json, tensors }: CallbackState): CallbackState {
  return { json: JSON.parse(JSON.stringify(json)), tensors };
}
