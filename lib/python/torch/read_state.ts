import { ByteReader } from "../byte_reader.ts";
import { type ByteSource, RestOfBytes } from "../byte_source.ts";
import { readOnePickle } from "../pickle/read_pickle.ts";
import type { PickleValue } from "../pickle/values.ts";
import { type TorchStorage, TorchTensor } from "./tensor.ts";

/** The first value in a file of torch's legacy format. */
const MAGIC = 0x1950a86a20f9469cfc6cn;

/** The second one. */
const PROTOCOL = 1001;

/** The pickle of {@linkcode MAGIC}, with which such a file begins. */
const HEAD = [0x80, 2, 0x8a, 10, ...littleEndian(MAGIC, 10), 0x2e];

/** Whether a file that begins with these bytes has torch's legacy format. */
export function isTorchFile(head: Uint8Array): boolean {
  return head.length >= HEAD.length && HEAD.every((byte, i) => head[i] === byte);
}

/**
 * The tensors of a state dict by their names, from a file of torch's legacy format:
 * `torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False)`, and all that torch
 * wrote before 1.6. Pickles in it are parsed, never executed; of classes and functions only those of
 * tensors and their storages are known. Numbers stay in the file until they are read.
 *
 * @throws {SyntaxError} if it is refused, truncated, damaged, or something else
 */
export function readTorchState(source: ByteSource): Map<string, TorchTensor> {
  if (!isTorchFile(source.readAt(0, Math.min(HEAD.length, source.size)))) {
    throw new SyntaxError(`${source.name} is not a file of torch's legacy format: get it again`);
  }
  let from = 0;
  const next = (): PickleValue => {
    const { value, end } = readOnePickle(new RestOfBytes(source, from), "torch");
    from += end;
    return value;
  };
  next();
  const protocol = next(), system = next(), state = next(), keys = next();
  if (protocol !== PROTOCOL) throw damaged(source, `its protocol is not ${PROTOCOL}`);
  if (system instanceof Map && system.get("little_endian") === false) {
    throw new SyntaxError(
      `${source.name} was written on a big-endian machine: save it again on another`,
    );
  }
  const tensors = tensorsOf(state, source);
  const places = placesOf(source, from, keys, storagesOf(tensors, source));
  for (const { storage } of tensors.values()) storage.content = places.get(storage.key);
  return tensors;
}

function tensorsOf(state: PickleValue, source: ByteSource): Map<string, TorchTensor> {
  const entries = state instanceof Map ? [...state] : undefined;
  const isTensors = entries?.every(([name, tensor]) =>
    typeof name === "string" && tensor instanceof TorchTensor
  );
  if (entries !== undefined && isTensors) return new Map(entries as [string, TorchTensor][]);
  throw new SyntaxError(
    `${source.name} holds something else than tensors by name: save model.state_dict() alone`,
  );
}

/** Each storage once, as tensors may share it. */
function storagesOf(
  tensors: ReadonlyMap<string, TorchTensor>,
  source: ByteSource,
): Map<string, TorchStorage> {
  const storages = new Map<string, TorchStorage>();
  for (const { storage } of tensors.values()) {
    const { type, count } = storages.get(storage.key) ?? storage;
    if (type !== storage.type || count !== storage.count) {
      throw damaged(source, `it describes the storage ${storage.key} in two ways`);
    }
    storages.set(storage.key, storage);
  }
  return storages;
}

/** Where each storage's bytes are: in the order of the keys, each after an int64 of its count. */
function placesOf(
  source: ByteSource,
  from: number,
  keys: PickleValue,
  storages: ReadonlyMap<string, TorchStorage>,
): Map<string, { source: ByteSource; at: number }> {
  if (!Array.isArray(keys)) throw damaged(source, "its list of storages is not a list");
  const places = new Map<string, { source: ByteSource; at: number }>();
  const reader = new ByteReader(source);
  reader.position = from;
  for (const key of keys) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (storage === undefined || places.has(storage.key)) {
      throw damaged(source, "its list of storages is not that of its tensors");
    }
    const count = reader.view(8).getBigInt64(0, true);
    if (count !== BigInt(storage.count)) {
      throw damaged(source, `storage ${key} has ${count} numbers, not ${storage.count}`);
    }
    const { at } = reader.skip(storage.size, "a storage");
    places.set(storage.key, { source, at });
  }
  if (places.size < storages.size) throw damaged(source, "some of its storages are missing");
  if (reader.left > 0) throw damaged(source, `${reader.left} bytes follow its last storage`);
  return places;
}

function damaged({ name }: ByteSource, what: string): SyntaxError {
  return new SyntaxError(`${name} is damaged: ${what}; get the file again`);
}

function littleEndian(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, i) => Number(value >> BigInt(8 * i) & 255n));
}
