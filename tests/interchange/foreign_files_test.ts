import { Buffer } from "node:buffer";
import { recogniseFile } from "../../lib/interchange/mod.ts";
import { assert, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { failure } from "./temp_file.ts";

const ignore = !granted("read", "write");
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

const contents: Record<string, Uint8Array> = {
  "a PyTorch file": latin1("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."),
  "an ONNX model": latin1("\x08\x08\x12\x07pytorch\x1a\x051.8.1:\x10"),
  "a safetensors file": latin1('\x02\0\0\0\0\0\0\0{"a":{}}'),
  "a file of joblib with numpy arrays": latin1(
    "\x80\x04\x95\x20\0\0\0\0\0\0\0}\x8c\x13joblib.numpy_pickle\x8c\x11NumpyArrayWrapper",
  ),
  "a binary file that was saved as text": new TextEncoder().encode("\x89HDF\r\n\x1a\n\0\0"),
  "a binary file that was saved as text, HDF5 with other line ends": latin1(
    "\x89HDF\r\r\n\x1a\r\n",
  ),
  "a binary file that was saved as text, a pickle": new TextEncoder().encode(
    "\ufffd\x04\ufffd\x05",
  ),
};

Deno.test({
  name: "recogniseFile() names the formats of other programs and what was damaged on the way",
  ignore,
  fn: async () => {
    for (const [what, content] of Object.entries(contents)) {
      const message = await failure(content, recogniseFile);
      const named = what.split(",")[0];
      assert(message.startsWith(`FILE is not a file of a Keras project but ${named}`), message);
    }
  },
});

Deno.test({
  name: "recogniseFile() names files and folders of TensorFlow by the names that it gives them",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const names = [
        "weights.index",
        "weights.data-00000-of-00001",
        "checkpoint",
        "saved_model.pb",
      ];
      await Deno.mkdir(`${folder}/ck`);
      for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "x");
      await Deno.writeTextFile(`${folder}/ck/last.index`, "x");
      const expected: [string, string][] = [
        ["weights.index", "is part of a TensorFlow checkpoint, which is not read: load it into"],
        [
          "weights.data-00000-of-00001",
          'in Keras (model.load_weights("weights")) and save it as .keras',
        ],
        ["weights", "is part of a TensorFlow checkpoint"], // as save_weights was given it
        ["checkpoint", "is part of a TensorFlow checkpoint"],
        [
          "saved_model.pb",
          "is part of a SavedModel of TensorFlow, which is not read: load its folder",
        ],
        [
          "ck",
          "is the folder of a TensorFlow checkpoint, which is not read: load it into its model",
        ],
        ["", "is a SavedModel of TensorFlow, which is not read: load it in Keras"],
      ];
      for (const [name, part] of expected) {
        const { message } = await assertRejects(
          () => recogniseFile(`${folder}/${name}`),
          SyntaxError,
        );
        assert(message.includes(part), message);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
