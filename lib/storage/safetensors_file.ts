import { openInputSync } from "./input_file.ts";
import {
  arrayAt,
  type Dtype,
  headerLength,
  malformed,
  parseHeader,
  type SafeTensor,
  type TensorData,
} from "../safetensors/mod.ts";

/**
 * An open safetensors file of which only the header is in memory.
 *
 * ```ts ignore
 * using file = openSafetensors("shard.safetensors");
 * const rows = file.readRows("features", 10, 12); // rows 10 and 11
 * ```
 */
export class SafetensorsFile implements Disposable {
  /** Texts that the writer stored beside the tensors. */
  readonly metadata: Record<string, string>;
  /** Type and shape by name, in the order in which the tensors lie in the file. */
  readonly tensors: ReadonlyMap<string, { dtype: Dtype; shape: number[] }>;
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #tensorPositions: Map<
    string,
    { dtype: Dtype; shape: number[]; begin: number; end: number }
  >;
  readonly #start: number;

  /**
   * Opens the file and reads its header.
   *
   * @throws {SyntaxError} if it is no regular file, or does not follow the format
   */
  constructor(path: string) {
    this.#path = path;
    this.#file = openInputSync(path);
    try {
      const { size } = this.#file.statSync();
      const length = headerLength(this.#bytes(0, Math.min(8, size)), size, path);
      this.#start = 8 + length;
      const header = parseHeader(this.#bytes(8, this.#start), size - this.#start, path);
      this.metadata = header.metadata;
      this.tensors = this.#tensorPositions = header.tensors;
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /**
   * One whole tensor.
   *
   * @throws {RangeError} if no tensor has this name
   */
  read(name: string): SafeTensor {
    const { dtype, shape, begin, end } = this.#positionOf(name);
    return { dtype, shape, data: arrayAt(dtype, this.#bytesOf(begin, end)) };
  }

  /**
   * Rows [from, to) along a tensor's first axis; nothing else is read.
   *
   * @throws {RangeError} if no tensor has this name, or it has fewer rows
   */
  readRows(name: string, from: number, to: number): TensorData {
    const { dtype, shape, begin, end } = this.#positionOf(name);
    if (!(from >= 0 && from <= to && to <= (shape[0] ?? 0))) {
      throw new RangeError(`Tensor "${name}" of shape [${shape}] has no rows ${from} to ${to}`);
    }
    const row = shape[0] === 0 ? 0 : (end - begin) / shape[0];
    return arrayAt(dtype, this.#bytesOf(begin + from * row, begin + to * row));
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #positionOf(name: string) {
    const position = this.#tensorPositions.get(name);
    if (position === undefined) {
      const names = [...this.#tensorPositions.keys()].slice(0, 5).join(", ");
      throw new RangeError(`${this.#path} has no tensor "${name}"; it has ${names || "none"}`);
    }
    return position;
  }

  #bytesOf(begin: number, end: number): Uint8Array {
    return this.#bytes(this.#start + begin, this.#start + end);
  }

  #bytes(begin: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - begin);
    this.#file.seekSync(begin, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const read = this.#file.readSync(bytes.subarray(at));
      if (read === null) throw malformed(this.#path, "it became shorter while it was read");
      at += read;
    }
    return bytes;
  }
}

/**
 * Opens a safetensors file; only its header is read until tensors are asked for.
 *
 * @throws {SyntaxError} if it does not follow the format
 * @throws {Deno.errors.NotFound} if the file does not exist
 */
export function openSafetensors(path: string): SafetensorsFile {
  return new SafetensorsFile(path);
}
