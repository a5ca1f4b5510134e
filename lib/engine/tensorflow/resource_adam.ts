import * as tf from "@tensorflow/tfjs";
import type { AdamSettings, Optimizer, OptimizerFactory, Weights } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType, DataType } from "./data_types.ts";

const FLOAT: TFEOpAttr = { name: "T", type: AttributeType.type, value: DataType.float32 };
const DTYPE: TFEOpAttr = { name: "dtype", type: AttributeType.type, value: DataType.float32 };

/** Numbers of the three resource variables that a weight has. */
interface Slot {
  shape: number[];
  weight: number;
  m: number;
  v: number;
}

let optimizers = 0;

/**
 * Adam on TensorFlow's resource variables: `ResourceApplyAdam` changes weight
 * and moments in place, in one pass over memory.
 */
export function resourceAdamFactory(backend: TensorFlowBackend): OptimizerFactory {
  return (weights, settings) => new ResourceAdam(backend, weights, settings ?? {});
}

class ResourceAdam implements Optimizer {
  #backend: TensorFlowBackend;
  #settings: Required<AdamSettings>;
  #slots = new Map<string, Slot>();
  #steps = 0;

  constructor(backend: TensorFlowBackend, weights: Weights, settings: AdamSettings) {
    this.#backend = backend;
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, ...settings };
    const owner = `adam${optimizers++}`;
    for (const [name, { shape }] of weights) {
      const variable = (part: string) => this.#variable(`${owner}/${name}/${part}`, shape);
      this.#slots.set(name, {
        shape,
        weight: variable("weight"),
        m: variable("m"),
        v: variable("v"),
      });
    }
    this.setState({ weights });
  }

  read(): Map<string, tf.Tensor> {
    return new Map([...this.#slots].map(([name, slot]) => [name, this.#readVariable(slot.weight)]));
  }

  apply(
    gradients: Map<string, tf.Tensor>,
    learningRate: number,
    factors?: ReadonlyMap<string, number>,
  ): void {
    const { beta1, beta2, epsilon } = this.#settings;
    this.#steps++;
    const created: number[] = [];
    const scalar = (value: number) => {
      created.push(this.#create([], Float32Array.of(value)));
      return created.at(-1)!;
    };
    try {
      const powers = [Math.pow(beta1, this.#steps), Math.pow(beta2, this.#steps)].map(scalar);
      const others = [beta1, beta2, epsilon].map(scalar);
      const rates = new Map<number, number>(); // by the factor
      for (const [name, gradient] of gradients) {
        const { weight, m, v, shape } = this.#slot(name, gradient.shape);
        const flag = (flagName: string) => ({
          name: flagName,
          type: AttributeType.bool,
          value: false,
        });
        if (shape.some((length) => length === 0)) continue;
        const factor = factors?.get(name) ?? 1;
        if (!rates.has(factor)) rates.set(factor, scalar(learningRate * factor));
        const inputs = [...powers, rates.get(factor)!, ...others];
        this.#backend.binding.executeOp(
          "ResourceApplyAdam",
          [FLOAT, flag("use_locking"), flag("use_nesterov")],
          [weight, m, v, ...inputs, this.#backend.getInputTensorIds([gradient])[0]],
          0,
        );
      }
    } finally {
      for (const id of created) this.#backend.binding.deleteTensor(id);
    }
  }

  weights(): Weights {
    return new Map(
      [...this.#slots].map(([name, { shape, weight }]) => [name, this.#copy(shape, weight)]),
    );
  }

  state(): { weights: Weights; moments: Weights; steps: number } {
    const moments: Weights = new Map();
    for (const [name, { shape, m, v }] of this.#slots) {
      moments.set(`${name}/m`, this.#copy(shape, m));
      moments.set(`${name}/v`, this.#copy(shape, v));
    }
    return { weights: this.weights(), moments, steps: this.#steps };
  }

  setState(
    { weights, moments, steps = 0 }: { weights: Weights; moments?: Weights; steps?: number },
  ): void {
    // One for all: zeros for each would be twice the weights, waiting to be freed.
    const zeros = new Float32Array(Math.max(0, ...[...weights.values()].map((w) => w.data.length)));
    for (const [name, { shape, data }] of weights) {
      const slot = this.#slot(name, shape);
      this.#assign(slot.weight, shape, data);
      const moment = (part: string) =>
        moments?.get(`${name}/${part}`)?.data ?? zeros.subarray(0, data.length);
      this.#assign(slot.m, shape, moment("m"));
      this.#assign(slot.v, shape, moment("v"));
    }
    this.#steps = steps;
  }

  dispose(): void {
    for (const { weight, m, v } of this.#slots.values()) {
      for (const id of [weight, m, v]) {
        const attribute = { name: "ignore_lookup_error", type: AttributeType.bool, value: true };
        this.#backend.binding.executeOp("DestroyResourceOp", [attribute], [id], 0);
        this.#backend.binding.deleteTensor(id);
      }
    }
    this.#slots.clear();
  }

  #slot(name: string, shape: number[]): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new RangeError(`There is no weight named "${name}"`);
    if (!tf.util.arraysEqual(slot.shape, shape)) {
      throw new RangeError(`"${name}" has shape [${slot.shape}], but [${shape}] was given`);
    }
    return slot;
  }

  #variable(name: string, shape: number[]): number {
    const attributes: TFEOpAttr[] = [
      DTYPE,
      { name: "container", type: AttributeType.string, value: "" },
      { name: "shared_name", type: AttributeType.string, value: name },
      { name: "shape", type: AttributeType.shape, value: shape },
    ];
    return this.#backend.binding.executeOp("VarHandleOp", attributes, [], 1)[0].id;
  }

  #readVariable(id: number): tf.Tensor {
    const [metadata] = this.#backend.binding.executeOp("ReadVariableOp", [DTYPE], [id], 1);
    return this.#backend.createOutputTensor(metadata);
  }

  #copy(shape: number[], id: number): { shape: number[]; data: Float32Array } {
    const tensor = this.#readVariable(id);
    const data = tensor.dataSync<"float32">();
    tensor.dispose();
    return { shape, data };
  }

  #assign(id: number, shape: number[], data: Float32Array): void {
    const value = this.#create(shape, data);
    this.#backend.binding.executeOp("AssignVariableOp", [DTYPE], [id, value], 0);
    this.#backend.binding.deleteTensor(value);
  }

  #create(shape: number[], data: Float32Array): number {
    return this.#backend.binding.createTensor(shape, DataType.float32, data);
  }
}
