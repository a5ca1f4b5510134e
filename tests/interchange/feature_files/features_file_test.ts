import { Buffer } from "node:buffer";
import { assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { openFeaturesFile } from "../../../lib/interchange/mod.ts";
import { npyOf, npyOfTexts } from "../../python/npy_file.ts";
import { failure, withFile } from "../temp_file.ts";
import { type ArchiveMember, archiveOf } from "../zip_archive.ts";

const ignore = !granted("read", "write", "env", "sys");

/** Python's pickle.dumps({"1.jpg": array([[1, 2, 3]]), "2.jpg": array([[4, 5, 6]])}), float32. */
const pickles: Record<string, string> = {
  "protocol 0, numpy 2":
    "KGRwMApWMS5qcGcKcDEKY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnAyCihjbnVtcHkKbmRhcnJheQpwMwooSTAKdHA0CmNfY29kZWNzCmVuY29kZQpwNQooVmIKcDYKVmxhdGluMQpwNwp0cDgKUnA5CnRwMTAKUnAxMQooSTEKKEkxCkkzCnRwMTIKY251bXB5CmR0eXBlCnAxMwooVmY0CnAxNApJMDAKSTAxCnRwMTUKUnAxNgooSTMKVjwKcDE3Ck5OTkktMQpJLTEKSTAKdHAxOApiSTAwCmc1CihWXHUwMDAwXHUwMDAwgD9cdTAwMDBcdTAwMDBcdTAwMDBAXHUwMDAwXHUwMDAwQEAKcDE5Cmc3CnRwMjAKUnAyMQp0cDIyCmJzVjIuanBnCnAyMwpnMgooZzMKKEkwCnRwMjQKZzkKdHAyNQpScDI2CihJMQooSTEKSTMKdHAyNwpnMTYKSTAwCmc1CihWXHUwMDAwXHUwMDAwgEBcdTAwMDBcdTAwMDCgQFx1MDAwMFx1MDAwMMBACnAyOApnNwp0cDI5ClJwMzAKdHAzMQpicy4=",
  "protocol 2, numpy 2":
    "gAJ9cQAoWAUAAAAxLmpwZ3EBY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnECY251bXB5Cm5kYXJyYXkKcQNLAIVxBGNfY29kZWNzCmVuY29kZQpxBVgBAAAAYnEGWAYAAABsYXRpbjFxB4ZxCFJxCYdxClJxCyhLAUsBSwOGcQxjbnVtcHkKZHR5cGUKcQ1YAgAAAGY0cQ6JiIdxD1JxEChLA1gBAAAAPHERTk5OSv////9K/////0sAdHESYoloBVgNAAAAAADCgD8AAABAAABAQHETaAeGcRRScRV0cRZiWAUAAAAyLmpwZ3EXaAJoA0sAhXEYaAmHcRlScRooSwFLAUsDhnEbaBCJaAVYDwAAAAAAwoBAAADCoEAAAMOAQHEcaAeGcR1ScR50cR9idS4=",
  "protocol 4, numpy 1":
    "gASV1wAAAAAAAAB9lCiMBTEuanBnlIwVbnVtcHkuY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAUsDhpRoBYwFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQwwAAIA/AAAAQAAAQECUdJRijAUyLmpwZ5RoBGgHSwCFlGgJh5RSlChLAUsBSwOGlGgRiUMMAACAQAAAoEAAAMBAlHSUYnUu",
  "protocol 5, numpy 2":
    "gAWVvQAAAAAAAAB9lCiMBTEuanBnlIwTbnVtcHkuX2NvcmUubnVtZXJpY5SMC19mcm9tYnVmZmVylJOUKJYMAAAAAAAAAAAAgD8AAABAAABAQJSMBW51bXB5lIwFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJLAUsDhpSMAUOUdJRSlIwFMi5qcGeUaAQolgwAAAAAAAAAAACAQAAAoEAAAMBAlGgLSwFLA4aUaA90lFKUdS4=",
};
const pickled = (name: string) => new Uint8Array(Buffer.from(pickles[name], "base64"));

const rows = Float32Array.of(1, 2, 3, 4, 5, 6);
const names = ["1.jpg", "2.jpg"];
const archive = (members: Record<string, Uint8Array>, deflated = false) =>
  archiveOf(
    Object.entries(members).map(([name, content]): ArchiveMember => ({ name, content, deflated })),
  );

/** Everything in a file. */
async function contentOf(path: string, indices?: number[]) {
  using file = await openFeaturesFile(path);
  const entries: [string, number[]][] = [];
  for await (const { name, feature } of file.entries(indices)) entries.push([name, [...feature]]);
  const { format, featureShape, dtype } = file;
  return { format, names: [...file.names], featureShape: [...featureShape], dtype, entries };
}

const expected = (format: string, dtype = "float32") => ({
  format,
  names,
  featureShape: [3],
  dtype,
  entries: [["1.jpg", [1, 2, 3]], ["2.jpg", [4, 5, 6]]],
});

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ignore });
}

for (const name of Object.keys(pickles)) {
  test(`openFeaturesFile() reads a pickle of ${name}; (1, N) is (N)`, async () => {
    await withFile(pickled(name), async (path) => {
      assertEquals(await contentOf(path), expected("pickle") as never);
      assertEquals((await contentOf(path, [1])).entries, [["2.jpg", [4, 5, 6]]]);
    });
  });
}

test("openFeaturesFile() reads .npy of a dict, and .npz of one", async () => {
  // np.save pickles an array of shape () whose only element is the dict.
  const dict = Buffer.from(pickles["protocol 0, numpy 2"], "base64").subarray(0, -1);
  const head = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR" +
    "(I1\n(tcnumpy\ndtype\n(S'O8'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI63\ntbI00\n(";
  const whole = Buffer.concat([Buffer.from(head), dict, Buffer.from("ltb.")]);
  const npy = npyOf("|O", [], new Uint8Array(whole));
  await withFile(npy, async (path) => {
    assertEquals(await contentOf(path), expected("npy") as never);
  });
  await withFile(archive({ "arr_0.npy": npy }), async (path) => {
    assertEquals(await contentOf(path), expected("npz") as never);
  });
});

test("openFeaturesFile() reads .npz of an array per photo, stored and deflated", async () => {
  const members = {
    "1.jpg.npy": npyOf("<f4", [1, 3], rows.slice(0, 3)),
    "2.jpg.npy": npyOf("<f4", [3], rows.slice(3)),
  };
  for (const deflated of [false, true]) {
    await withFile(archive(members, deflated), async (path) => {
      assertEquals(await contentOf(path), expected("npz") as never);
    });
  }
});

test("openFeaturesFile() reads .npz of a matrix and names, in any order of rows", async () => {
  const big = new Uint8Array(Float64Array.from(rows).buffer);
  for (let at = 0; at < big.length; at += 8) big.subarray(at, at + 8).reverse();
  const half = Float16Array.from(rows);
  for (
    const [descr, data, dtype] of [
      ["<f4", rows, "float32"],
      [">f8", big, "float64"],
      ["<f2", half, "float16"],
    ] as const
  ) {
    const members = { "x.npy": npyOf(descr, [2, 3], data), "names.npy": npyOfTexts(names) };
    await withFile(archive(members, true), async (path) => {
      assertEquals(await contentOf(path), expected("npz", dtype) as never);
      assertEquals((await contentOf(path, [1, 0, 1])).entries, [
        ["2.jpg", [4, 5, 6]],
        ["1.jpg", [1, 2, 3]],
        ["2.jpg", [4, 5, 6]],
      ]);
    });
  }
});

test("openFeaturesFile() reads the matrix and the names of an .npz that has more", async () => {
  const labels = npyOf("<i4", [2], new Uint8Array(8));
  const members = { "labels.npy": labels, "x.npy": npyOf("<f4", [2, 3], rows) };
  const list = npyOfTexts(names);
  await withFile(archive({ ...members, "names.npy": list }), async (path) => {
    assertEquals(await contentOf(path), expected("npz") as never);
  });
  const more = { ...members, "split.npy": npyOfTexts(["train", "train"]), "files.npy": list };
  await withFile(archive(more), async (path) => {
    assertEquals(await contentOf(path), expected("npz") as never);
    using file = await openFeaturesFile(path);
    assertEquals(file.unread, ["labels.npy", "split.npy"]);
  });
  const npz = (members: Record<string, Uint8Array>) => failure(archive(members), contentOf);
  assertEquals(
    await npz({ ...members, "y.npy": members["x.npy"], "names.npy": list }),
    "FILE has 2 names in names.npy and several matrices of as many rows, x.npy and y.npy: save one " +
      "matrix with its names",
  );
  assertEquals(
    await npz({ ...members, "names.npy": npyOfTexts(["1.jpg"]) }),
    "FILE has 1 names in names.npy and no matrix of floating-point numbers with as many rows: save " +
      "one matrix with its names",
  );
  assertEquals(
    await npz({ "a.npy": list, "b.npy": list, "x.npy": members["x.npy"] }),
    "FILE has several lists of texts, a.npy and b.npy: save the photos' names alone with their features",
  );
  assertEquals(
    await npz({ "x.npy": members["x.npy"], "y.npy": labels }),
    "FILE: its entry y has elements of type int32, not floating-point numbers",
  );
  assertEquals(
    await npz({ "arr_0.npy": members["x.npy"] }),
    "FILE has one array of 2 rows, arr_0.npy, and no names of photos: save both, " +
      "np.savez(path, features=…, names=…)",
  );
});

test("openFeaturesFile() says what is wrong with an array", async () => {
  const matrix = npyOf("<f4", [2, 3], rows);
  assertEquals(
    await failure(matrix, contentOf),
    "FILE holds an array of the shape [2, 3] without the photos' names: save " +
      "np.savez(path, features=…, names=…), or a dict of photo name → array",
  );
  const npz = (members: Record<string, Uint8Array>) => failure(archive(members), contentOf);
  assertEquals(
    await npz({ "x.npy": npyOf("<f4", [2, 3], rows, "True"), "names.npy": npyOfTexts(names) }),
    "FILE: x.npy is in Fortran order, column by column: save np.ascontiguousarray(…) of it",
  );
  assertEquals(
    await npz({ "x.npy": npyOf("<i4", [2, 3], rows), "names.npy": npyOfTexts(names) }),
    "FILE: x.npy has elements of type int32, not floating-point numbers",
  );
  assertEquals(
    await npz({ "x.npy": matrix, "names.npy": npyOfTexts(["1.jpg"]) }),
    "FILE has 1 names for 2 features: save them again, a name for each",
  );
  assertEquals(
    await npz({ "x.npy": matrix, "names.npy": npyOfTexts(["1.jpg", "1.jpg"]) }),
    "FILE has the name 1.jpg twice",
  );
  assertEquals(
    await npz({ "1.jpg.npy": npyOf("<f4", [3], rows.slice(3)), "2.jpg.npy": matrix }),
    "FILE: its entry 2.jpg has the shape [2, 3], but that of 1.jpg is [3]: all features of a file " +
      "must have the same shape",
  );
  assertEquals(
    await npz({ "1.jpg.npy": npyOf("<f4", [2_500_000_000], rows) }),
    "FILE: its entry 1.jpg.npy claims an array of float32 of the shape [2500000000], which takes " +
      "10000000000 bytes, but 24 are there: it is truncated or damaged; get it again",
  );
  assertEquals(
    await npz({ "a.npy": matrix, "b.txt": new Uint8Array(3) }),
    "FILE is not an .npz archive: it has b.txt; write it by numpy.savez",
  );
});

test("openFeaturesFile() says what is wrong with a pickle", async () => {
  const pickle = Buffer.from(pickles["protocol 4, numpy 1"], "base64");
  const other = Buffer.from(pickle);
  // The second array's shape (1, 3) becomes (3, 1).
  const at = other.lastIndexOf(Buffer.from("K\x01K\x03\x86", "latin1"));
  other.set(Buffer.from("K\x03K\x01\x86", "latin1"), at);
  assertEquals(
    await failure(other, contentOf),
    "FILE: its entry 2.jpg has the shape [3, 1], but that of 1.jpg is [3]: all features of a file " +
      "must have the same shape",
  );
  const truncated = await failure(pickle.subarray(0, 150), contentOf);
  assertEquals(
    truncated,
    "FILE is truncated: it ends at byte 150, in the middle of its data; get it again",
  );
  assertEquals(
    await failure("(dS'1.jpg'\n(lI1\nas.", contentOf),
    "FILE: its entry 1.jpg is a list, not an array",
  );
  assertEquals(
    await failure("(lI1\na.", contentOf),
    "FILE holds a list, not a dict of photo name → array",
  );
  assertEquals(await failure("(d.", contentOf), "FILE holds an empty dict: there are no features");
  assertEquals(
    await failure("(dS'1.jpg'\ncposix\nsystem\n(S'touch harm'\ntRs.", contentOf),
    "FILE needs posix.system, which is not among the types of a Keras tokenizer or features file; " +
      "nothing was executed",
  );
});

async function hdf5(
  write: (file: import("h5wasm/node").File) => void,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const { File, ready } = await import("h5wasm/node");
  await ready;
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    const file = new File(`${folder}/features.h5`, "w");
    write(file);
    file.close();
    await work(`${folder}/features.h5`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("openFeaturesFile() reads HDF5 of an array per photo, and of a matrix and names", async () => {
  await hdf5((file) => {
    const group = file.create_group("features");
    group.create_dataset({ name: "1.jpg", data: rows.slice(0, 3), shape: [1, 3] });
    group.create_dataset({ name: "2.jpg", data: rows.slice(3), shape: [3] });
  }, async (path) => assertEquals(await contentOf(path), expected("HDF5") as never));
  await hdf5((file) => {
    file.create_dataset({ name: "x", data: Float64Array.from(rows), shape: [2, 3] });
    file.create_dataset({ name: "names", data: names, shape: [2] });
  }, async (path) => {
    assertEquals(await contentOf(path), expected("HDF5", "float64") as never);
    assertEquals((await contentOf(path, [1])).entries, [["2.jpg", [4, 5, 6]]]);
  });
});

test("openFeaturesFile() names the array of an HDF5 file that has another shape or type", async () => {
  const message = async (path: string) => {
    let found = "";
    await contentOf(path).catch((error) => found = error.message.replaceAll(path, "FILE"));
    return found;
  };
  await hdf5((file) => {
    file.create_dataset({ name: "1.jpg", data: rows, shape: [1, 6] });
    file.create_dataset({ name: "2.jpg", data: rows, shape: [2, 3] });
  }, async (path) =>
    assertEquals(
      await message(path),
      "FILE: its entry 2.jpg has the shape [2, 3], but that of 1.jpg is [6]: all features of a " +
        "file must have the same shape",
    ));
  await hdf5((file) => {
    file.create_dataset({ name: "1.jpg", data: Int32Array.of(1, 2), shape: [2] });
  }, async (path) =>
    assertEquals(
      await message(path),
      "FILE: its array 1.jpg has elements of type <i, not floating-point numbers",
    ));
  await hdf5(
    () => {},
    async (path) => assertEquals(await message(path), "FILE has no arrays: there are no features"),
  );
});
