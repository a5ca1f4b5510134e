import type { Callback, CallbackState, Logs, TrainingControl } from "../callback.ts";
import { selfCriticalSettings } from "../self_critical/settings.ts";
import type { CallbackKind } from "./callback_kind.ts";

/** Of the first epoch's share of distinct samples: below it they have collapsed. */
const FEW = 0.5;

interface State {
  /** Steps of the epoch under way, and sums over them. */
  steps: number;
  reward: number;
  distinct: number;
  /** The first epoch's share of distinct samples. */
  first: number | null;
  warned: boolean;
}

const none = { steps: 0, reward: 0, distinct: 0 };

/**
 * Adds to an epoch's figures the means over its steps of `reward`, the samples' mean reward, and
 * `distinct`, the share of a step's samples that differ from one another; warns once where the latter
 * falls to half of the first epoch's.
 */
export class SelfCritical implements Callback {
  readonly name = "SelfCritical";
  /** Figures that every epoch has. */
  readonly reports: readonly string[] = FIGURES;
  #state: State = { ...none, first: null, warned: false };
  #control?: TrainingControl;

  /** Continues with the epoch under way. */
  onTrainBegin(control: TrainingControl, state?: CallbackState): void {
    this.#control = control;
    this.#state = { ...none, first: null, warned: false, ...state?.json as State | undefined };
  }

  /** Adds up. */
  onStepEnd(_step: number, { reward, distinct }: Logs): void {
    const before = this.#state;
    this.#state = {
      ...before,
      steps: before.steps + 1,
      reward: before.reward + reward,
      distinct: before.distinct + distinct,
    };
  }

  /** Reports the means. */
  onEpochEnd(epoch: number, logs: Logs): void {
    const { steps, reward, distinct, first, warned } = this.#state;
    logs.reward = reward / steps;
    logs.distinct = distinct / steps;
    const isFew = first !== null && logs.distinct < FEW * first;
    if (isFew && !warned) {
      this.#control!.say(
        `Warning: of the captions sampled in epoch ${epoch + 1} only ${
          percent(logs.distinct)
        } are ` +
          `distinct, in the first epoch it was ${percent(first)}: captions are collapsing. Lower ` +
          "training.learningRate, or take an earlier epoch",
      );
    }
    this.#state = { ...none, first: first ?? logs.distinct, warned: warned || isFew };
  }

  /** Sums of the epoch under way, and what was said. */
  state(): CallbackState {
    return { json: this.#state };
  }
}

const FIGURES = ["reward", "distinct"];

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** {@linkcode SelfCritical}; its settings are those of the training itself. */
export const selfCritical: CallbackKind<typeof selfCriticalSettings> = {
  settings: selfCriticalSettings,
  reports: (settings) => settings === undefined ? [] : FIGURES,
  create: (settings) => settings === undefined ? undefined : new SelfCritical(),
};
