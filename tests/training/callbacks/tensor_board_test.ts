import { crc32c, maskedCrc32c } from "../../../lib/training/callbacks/event_file.ts";
import type { CallbackState } from "../../../lib/training/mod.ts";
import { TensorBoard } from "../../../lib/training/callbacks/tensor_board.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { FakeTraining, kept } from "./fake_training.ts";

const ignore = !granted("read", "write");

Deno.test("crc32c() gives RFC 3720's check values", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
});

/** The payloads of a TFRecord file; throws where a checksum is wrong. */
function records(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    assertEquals(view.getUint32(at + 8, true), maskedCrc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    assertEquals(view.getUint32(at + 12 + length, true), maskedCrc32c(data));
    found.push(data);
    at += length + 16;
  }
  return found;
}

/** A protobuf message's fields: numbers, or bytes for what is nested. */
function fields(message: Uint8Array): [field: number, value: number | Uint8Array][] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const found: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = message[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) found.push([tag >> 3, varint()]);
    else if (wire === 1) found.push([tag >> 3, view.getFloat64(at, true)]), at += 8;
    else if (wire === 5) found.push([tag >> 3, view.getFloat32(at, true)]), at += 4;
    else {
      const length = varint();
      found.push([tag >> 3, message.subarray(at, at += length)]);
    }
  }
  return found;
}

/** `step tag value` of every scalar in the only file of a folder. */
async function scalars(folder: string): Promise<string[]> {
  const files = [...Deno.readDirSync(folder)];
  assertEquals(files.length, 1);
  assert(/^events\.out\.tfevents\.\d{10}\./.test(files[0].name));
  const [version, ...events] = records(await Deno.readFile(`${folder}/${files[0].name}`));
  const text = (bytes: number | Uint8Array) => new TextDecoder().decode(bytes as Uint8Array);
  assertEquals(text(fields(version)[1][1]), "brain.Event:2");
  return events.flatMap((event) => {
    const [[, wallTime], [, step], [field, summary]] = fields(event);
    assertEquals([wallTime, field], [1700000000.25, 5]);
    return fields(summary as Uint8Array).map(([, value]) => {
      const [[, tag], [, number]] = fields(value as Uint8Array);
      return `${step} ${text(tag)} ${number}`;
    });
  });
}

const now = () => 1700000000250;

Deno.test({
  name: "TensorBoard writes Keras' tags as valid TFRecords of Event protobufs",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const epochs = Array.from({ length: 200 }, (_, i) => ({ loss: 1 / (1 + i), val_loss: i }));
    await new FakeTraining([new TensorBoard({ folder, now })], 0.5).run(epochs);
    const train = await scalars(`${folder}/train`);
    assertEquals(train.slice(0, 2), ["0 epoch_loss 1", "0 epoch_learning_rate 0.5"]);
    assertEquals(train.at(-2), `199 epoch_loss ${Math.fround(1 / 200)}`);
    assertEquals((await scalars(`${folder}/validation`)).at(-1), "199 epoch_loss 199");
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "TensorBoard of a resumed training writes the same file as one never interrupted",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const first = new TensorBoard({ folder, now });
    const states: CallbackState[] = [];
    const snapshot = { name: "kill", onEpochEnd: () => void states.push(first.state()) };
    await new FakeTraining([first, snapshot]).run([{ loss: 3 }, { loss: 2 }, { loss: 1 }]);
    const whole = await scalars(`${folder}/train`);
    const second = new TensorBoard({ folder, now });
    const resumed = { TensorBoard: kept(states[0]) };
    await new FakeTraining([second]).run([{ loss: 2 }, { loss: 1 }], 1, resumed);
    assertEquals(await scalars(`${folder}/train`), whole);
    await Deno.remove(folder, { recursive: true });
  },
});
