import { dirname, join } from "node:path";
import {
  AlteredLibraryError,
  checkLibrary,
  recordLibrary,
} from "../../lib/engine/library_record.ts";
import { DamagedFileError } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "env");

/** What the CUDA build has: libraries, a program, code for the GPU, and more. */
const FILES = [
  "tensorflow/libtensorflow_cc.so.2",
  "nvidia/cublas/lib/libcublas.so.12",
  "nvidia/cuda_nvcc/bin/ptxas",
  "nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc",
  "nvidia/cudnn/include/cudnn.h",
];

/** A recorded library in a folder, gone afterwards. */
async function inLibrary(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of FILES) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeTextFile(join(folder, name), `content of ${name}`);
    }
    await recordLibrary(folder);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of FILES.slice(0, -1)) {
  Deno.test({
    name: `checkLibrary() finds ${name} altered, cut, gone; another time alone is none`,
    ignore,
    fn: () =>
      inLibrary(async (folder) => {
        const path = join(folder, name);
        assertEquals(await checkLibrary(folder), "recorded");
        await Deno.utime(path, 1, 1);
        assertEquals(await checkLibrary(folder), "touched");
        const content = await Deno.readTextFile(path);
        for (const other of [content.replace("content", "Content"), content.slice(1)]) {
          await Deno.writeTextFile(path, other);
          await Deno.utime(path, 2, 2);
          const error = await assertRejects(() => checkLibrary(folder), AlteredLibraryError);
          assert(
            error.message.startsWith(`${path} is not what was downloaded, and is not loaded: `),
          );
        }
        await Deno.remove(path);
        await assertRejects(() => checkLibrary(folder), AlteredLibraryError, "is gone");
      }),
  });
}

Deno.test({
  name:
    "checkLibrary() takes no file that is not recorded, and no record that is damaged or missing",
  ignore,
  fn: () =>
    inLibrary(async (folder) => {
      assertEquals(await checkLibrary(folder, [FILES[0]]), "recorded");
      const planted = "tensorflow/libtensorflow_framework.so.2";
      await Deno.writeTextFile(join(folder, planted), "planted");
      await assertRejects(
        () => checkLibrary(folder, [FILES[0], planted]),
        AlteredLibraryError,
        "was not downloaded",
      );
      await Deno.writeTextFile(join(folder, FILES.at(-1)!), "a header is not loaded");
      assertEquals(await checkLibrary(folder), "recorded");
      const record = join(folder, "library.json");
      const text = await Deno.readTextFile(record);
      await Deno.writeTextFile(record, text.replace(/"size": \d/, '"size": 9'));
      await assertRejects(() => checkLibrary(folder), DamagedFileError, "it was altered");
      await Deno.remove(record);
      assertEquals(await checkLibrary(folder), "unrecorded");
    }),
});
