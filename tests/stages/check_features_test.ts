import { loadConfig } from "../../lib/config/mod.ts";
import { checkFeatures, checkNetwork, encoderGiving } from "../../lib/stages/check_features.ts";
import { checkDatasetFeatures } from "../../lib/stages/check_inputs.ts";
import { assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "env");

/** A file of features of three numbers. */
async function withFile(fn: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    const path = `${folder}/three.npz`;
    await Deno.writeFile(
      path,
      archiveOf([
        { name: "x.npy", content: npyOf("<f4", [1, 3], new Float32Array(3)) },
        { name: "names.npy", content: npyOfTexts(["1.jpg"]) },
      ]),
    );
    await fn(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const encoderOf = async (...overrides: string[]) => (await loadConfig({ overrides })).encoder;
const taker = (...featureShape: number[]) => ({ featureShape, name: "data/runs/a" });

const test = (name: string, fn: Parameters<typeof withFile>[0]) =>
  Deno.test({ name, ignore, fn: () => withFile(fn) });

test("checkFeatures() compares the file's shape with the decoder's, and names both", async (path) => {
  for (const kind of ["vgg16", "features"]) {
    const encoder = await encoderOf(`encoder.kind=${kind}`, `encoder.features=${path}`);
    await checkFeatures(encoder, taker(3));
    const { message } = await assertRejects(() => checkFeatures(encoder, taker(4)), RangeError);
    assertEquals(
      message,
      `${path} has features of the shape [3], but data/runs/a takes [4]: take the features that it ` +
        "was trained with",
    );
  }
  const missing = await encoderOf("encoder.kind=features", "encoder.features=none.npz");
  await assertRejects(() => checkFeatures(missing, taker(3)), Error, "none.npz");
});

Deno.test({
  name: "checkNetwork() compares what the layer gives, and says that features need a file",
  ignore,
}, async () => {
  const vgg16 = await encoderOf("encoder.kind=vgg16", "encoder.weights=not_there.h5");
  checkNetwork(vgg16, taker(4096));
  const { message } = assertThrows(() => checkNetwork(vgg16, taker(2560), "leave it"), RangeError);
  assertEquals(
    message,
    "The encoder vgg16, layer fc2, gives features of the shape [4096], but data/runs/a takes " +
      "[2560]: set --encoder.kind= and --encoder.layer=, or leave it",
  );
  const none = await encoderOf("encoder.kind=features");
  assertThrows(() => checkNetwork(none, taker(2560)), RangeError, "data/runs/a cannot read photos");
});

test("encoderGiving() is the file alone where the network gives another shape", async (path) => {
  const both = await encoderOf("encoder.kind=vgg16", `encoder.features=${path}`);
  assertEquals(encoderGiving(both, [4096]), both);
  const { precision, shardSize } = both;
  assertEquals(encoderGiving(both, [3]), {
    kind: "features",
    features: path,
    precision,
    shardSize,
  });
  const network = await encoderOf("encoder.kind=vgg16");
  assertEquals(encoderGiving(network, [3]), network);
});

test("checkDatasetFeatures() says what a network is not needed for, and needs a source", async (path) => {
  const said = async (...overrides: string[]) => {
    const lines: string[] = [];
    const config = await loadConfig({ overrides });
    await checkDatasetFeatures({ config, say: (line) => lines.push(line) });
    return lines;
  };
  assertEquals(await said("encoder.kind=features", `encoder.features=${path}`), []);
  assertEquals(await said("encoder.kind=vgg16"), []);
  assertEquals(await said("encoder.kind=vgg16", `encoder.features=${path}`), [
    `${path} has features of the shape [3], which vgg16 does not give: the run will caption photos ` +
    "that the file names, and cannot read others (--encoder.kind=features says so in the config)",
  ]);
  await assertRejects(
    () => said("encoder.kind=features"),
    RangeError,
    'The encoder kind "features" cannot read photos: name a file',
  );
});
