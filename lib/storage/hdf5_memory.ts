import type { Group } from "h5wasm";
import { Hdf5File } from "./hdf5.ts";
import { checkHeaps, heapsIn } from "./hdf5_heaps.ts";

/**
 * Makes an HDF5 file in memory, so that nothing but the finished file is written to disk.
 *
 * @param build adds the content
 * @returns its bytes
 *
 * @internal
 */
export async function makeHdf5(build: (root: Group) => void): Promise<Uint8Array> {
  const { File, fs, name } = await inMemory();
  try {
    atNoTime(() => {
      const file = new File(name, "w");
      try {
        build(file);
      } finally {
        file.close();
      }
    });
    return fs.readFile(name, { encoding: "binary" }) as Uint8Array;
  } finally {
    if (fs.analyzePath(name, true).exists) fs.unlink(name);
  }
}

/**
 * HDF5 writes the time into every array, and h5wasm has no option to turn that off. With the clock
 * stopped, equal content gives equal bytes.
 */
function atNoTime(work: () => void): void {
  const { now } = Date;
  Date.now = () => 0;
  try {
    work();
  } finally {
    Date.now = now;
  }
}

/**
 * Opens an HDF5 file that is in memory, such as a member of an archive.
 *
 * @param label what to call it in messages
 * @throws {SyntaxError} if it is not a complete HDF5 file
 */
export async function openHdf5Bytes(bytes: Uint8Array, label: string): Promise<Hdf5File> {
  await checkHeaps(heapsIn(bytes), label);
  const { File, fs, name, library } = await inMemory();
  library.activate_throwing_error_handler(); // otherwise it prints to standard error and continues
  fs.writeFile(name, bytes);
  try {
    return new Hdf5File(new File(name, "r"), label);
  } catch (error) {
    throw new SyntaxError(`${label} is not a complete HDF5 file: get the file again`, {
      cause: error,
    });
  } finally {
    fs.unlink(name); // an open file stays readable
  }
}

/** The build of h5wasm whose files are in its own memory; the build for Node uses the disk. */
async function inMemory() {
  const { File, FS, ready } = await import("h5wasm");
  const library = await ready;
  return { File, library, fs: (FS ?? library.FS)!, name: `${crypto.randomUUID()}.h5` };
}
