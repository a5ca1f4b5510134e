import { Buffer } from "node:buffer";

/** A tensor of a file that {@linkcode torchFile} makes. */
export interface MadeTensor {
  /** All numbers of its storage. */
  numbers: readonly number[];
  shape: readonly number[];
  /** Default: the last axis fastest. */
  strides?: readonly number[];
  /** Of its first number in the storage. @default {0} */
  offset?: number;
  /** @default {"FloatStorage"} */
  type?: string;
  /** Names its storage. @default {the tensor's place} */
  key?: string;
}

/** What of a file is to be wrong, for tests. */
export interface TorchFlaws {
  /** Opcodes of the state dict, instead of the tensors'. */
  state?: string;
  /** Added to the claimed number of elements of each storage. */
  more?: number;
}

/** A file as `torch.save(state_dict, path, _use_new_zipfile_serialization=False)` writes it. */
export function torchFile(
  tensors: Readonly<Record<string, MadeTensor>>,
  { state, more = 0 }: TorchFlaws = {},
): Uint8Array {
  const storages = new Map<string, MadeTensor>();
  const items = Object.entries(tensors).map(([name, tensor], place) => {
    const { numbers, shape, offset = 0, type = "FloatStorage", key = `${place}` } = tensor;
    const strides = tensor.strides ?? shape.map((_, i) => product(shape.slice(i + 1)));
    storages.set(key, { ...tensor, type });
    return text(name) + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") +
      `ctorch\n${type}\n` + text(key) + text("cpu") + integer(numbers.length + more) + "NtQ" +
      integer(offset) + tuple(shape) + tuple(strides) + "\x89ccollections\nOrderedDict\n)RtR";
  });
  const keys = [...storages.keys()];
  const pickles = [
    "\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19",
    integer(1001),
    "}(" + text("little_endian") + "\x88u",
    state ?? "ccollections\nOrderedDict\n)R(" + items.join("") + "u}" + text("_metadata") +
        "ccollections\nOrderedDict\n)Rsb",
    "](" + keys.map(text).join("") + "e",
  ].map((opcodes) => `\x80\x02${opcodes}.`);
  const numbers = [...storages.values()].flatMap(({ numbers, type }) => {
    const content = type === "LongStorage"
      ? new BigInt64Array(numbers.map(BigInt))
      : type === "HalfStorage"
      ? new Float16Array(numbers)
      : type === "DoubleStorage"
      ? new Float64Array(numbers)
      : new Float32Array(numbers);
    const count = BigInt64Array.of(BigInt(numbers.length + more));
    return [Buffer.from(count.buffer), Buffer.from(content.buffer)];
  });
  return new Uint8Array(Buffer.concat([Buffer.from(pickles.join(""), "latin1"), ...numbers]));
}

function text(value: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return `X${length.toString("latin1")}${value}`;
}

function integer(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return `J${bytes.toString("latin1")}`;
}

function tuple(values: readonly number[]): string {
  return `(${values.map(integer).join("")}t`;
}

function product(sides: readonly number[]): number {
  return sides.reduce((size, side) => size * side, 1);
}
