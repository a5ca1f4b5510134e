import type { Group } from "h5wasm";
import { Hdf5File } from "../../storage/mod.ts";

/**
 * An HDF5 file made in memory: a task need not write anything but the finished file.
 *
 * @param build fills the file
 * @returns its bytes
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
 * HDF5 writes the time into every array, and h5wasm has no switch for it: with the clock stopped,
 * equal content gives equal bytes.
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
 * An HDF5 file that is in memory already, such as a member of an archive.
 *
 * @param label what to call it in messages
 * @throws {SyntaxError} if it is no HDF5 file
 */
export async function openHdf5Bytes(bytes: Uint8Array, label: string): Promise<Hdf5File> {
  const { File, fs, name, library } = await inMemory();
  library.activate_throwing_error_handler(); // else it prints to standard error and goes on
  fs.writeFile(name, bytes);
  try {
    return new Hdf5File(new File(name, "r"), label);
  } catch (error) {
    throw new SyntaxError(`${label} is no whole HDF5 file: get the file again`, { cause: error });
  } finally {
    fs.unlink(name); // an open file stays readable
  }
}

/** The build of h5wasm whose files lie in its own memory; the one for Node takes those on disk. */
async function inMemory() {
  const { File, FS, ready } = await import("h5wasm");
  const library = await ready;
  return { File, library, fs: (FS ?? library.FS)!, name: `${crypto.randomUUID()}.h5` };
}
