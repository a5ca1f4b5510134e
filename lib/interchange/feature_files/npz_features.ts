import {
  checkFloats,
  floatsOf,
  MemoryBytes,
  NPY_PREFIX,
  type NpyHeader,
  npyHeaderEnd,
  type NumpyArray,
  parseNpyHeader,
  readNpy,
} from "../../python/mod.ts";
import type { ZipArchive } from "../../storage/mod.ts";
import { featuresInValue } from "./features_in_value.ts";
import { ByteStream } from "./byte_stream.ts";
import {
  allOf,
  checkNames,
  checkNoMatrix,
  checkShape,
  type FeatureEntry,
  type FeaturesFile,
  featureShapeOf,
} from "./features_file.ts";

/** Largest size in bytes of a pickled dict or a list of names, which are unpacked into memory. */
const LARGEST_UNPACKED = 2 ** 30;

/**
 * Features in an `.npz` archive: one array per photo name (`np.savez(path, **features)`), a matrix
 * and a list of its rows' names, or one dict of name → array. Closing the result closes the archive.
 *
 * @throws {SyntaxError} if there are none, or naming the entry that is damaged
 * @throws {TypeError} naming the entry that does not have floating-point numbers
 */
export async function npzFeatures(archive: ZipArchive): Promise<FeaturesFile> {
  const members = [...archive.members.keys()];
  const other = members.find((member) => !member.endsWith(".npy"));
  if (members.length === 0 || other !== undefined) {
    throw new SyntaxError(
      `${archive.path} is not an .npz archive: ${
        other === undefined ? "it is empty" : `it has ${other}`
      }; write it by numpy.savez`,
    );
  }
  const first = await headerOf(archive, members[0]);
  if (members.length === 1 && first.dtype.kind === "O") return await dictIn(archive, members[0]);
  const entries: Entry[] = [];
  for (const member of members.slice(0, MOST_PARTS)) {
    entries.push({ member, header: await headerOf(archive, member) });
  }
  if (entries.length === members.length) {
    const arrays = entries.map(({ member: name, header: { shape } }) => ({ name, shape }));
    checkNoMatrix(archive.path, arrays);
  }
  const lists = entries.filter(({ header }) => isNames(header));
  if (lists.length === 0) return arrayPerPhoto(archive, members, entries);
  const list = listOfNames(archive, lists);
  const matrix = matrixOf(archive, entries.filter((entry) => !lists.includes(entry)), list);
  const read = [matrix.member, list.member];
  const unread = members.filter((member) => !read.includes(member));
  return { ...await matrixAndNames(archive, matrix.member, matrix.header, list.member), unread };
}

/** An array in the archive. */
interface Entry {
  member: string;
  header: NpyHeader;
}

/** An archive of more arrays has one for each photo; the headers of the first show whether it has. */
const MOST_PARTS = 16;

/** @throws {SyntaxError} if several lists may be the names */
function listOfNames({ path }: ZipArchive, lists: Entry[]): Entry {
  const named = lists.filter(({ member }) => /name|file|image|photo|path|key|ids?\b/i.test(member));
  const [list, other] = named.length > 0 ? named : lists;
  if (other === undefined) return list;
  throw new SyntaxError(
    `${path} has several lists of texts, ${list.member} and ${other.member}: save the photos' ` +
      "names alone with their features",
  );
}

/** The matrix with a row for each name; beside it there may be labels and the like. */
function matrixOf({ path }: ZipArchive, others: Entry[], { member, header }: Entry): Entry {
  if (others.length === 1) return others[0];
  const [count] = header.shape;
  const fitting = others.filter(({ header: { dtype, shape } }) =>
    dtype.kind === "f" && shape.length > 1 && shape[0] === count
  );
  if (fitting.length === 1) return fitting[0];
  throw new SyntaxError(
    `${path} has ${count} names in ${member} and ${
      fitting.length === 0
        ? "no matrix of floating-point numbers with as many rows"
        : `several matrices of as many rows, ${fitting.map(({ member }) => member).join(" and ")}`
    }: save one matrix with its names`,
  );
}

function isNames({ dtype, shape }: NpyHeader): boolean {
  return "USO".includes(dtype.kind) && shape.length === 1;
}

async function dictIn(archive: ZipArchive, member: string): Promise<FeaturesFile> {
  const { data } = await unpack(archive, member);
  const [dict = null] = Array.isArray(data) ? data : [];
  const close = () => archive[Symbol.dispose]();
  return featuresInValue(dict, { path: archive.path, format: "npz", close });
}

async function matrixAndNames(
  archive: ZipArchive,
  matrix: string,
  { dtype, shape, fortran }: NpyHeader,
  list: string,
): Promise<FeaturesFile> {
  const { path } = archive;
  const names = (await unpack(archive, list)).texts();
  const [rows = 0, ...sides] = shape;
  checkFloats(dtype, `${path}: ${matrix}`);
  if (fortran) {
    throw new TypeError(
      `${path}: ${matrix} is in Fortran order, column by column: ` +
        "save np.ascontiguousarray(…) of it",
    );
  }
  checkNames(names, rows, path);
  const featureShape = featureShapeOf({ entry: `${path}: ${matrix}`, shape: [1, ...sides] });
  const length = featureShape.reduce((product, side) => product * side, dtype.itemSize);
  return {
    path,
    format: "npz",
    names,
    featureShape,
    dtype: dtype.name,
    async *entries(indices = allOf(names)): AsyncGenerator<FeatureEntry> {
      const open = async () => {
        const stream = new ByteStream(archive.stream(matrix), `${path}: ${matrix}`);
        await skipHeader(stream);
        return stream;
      };
      let stream = await open();
      let next = 0;
      try {
        for (const index of indices) {
          if (index < next) { // a stream cannot go back
            await stream[Symbol.asyncDispose]();
            stream = await open();
            next = 0;
          }
          await stream.skip((index - next) * length);
          next = index + 1;
          yield { index, name: names[index], feature: floatsOf(await stream.read(length), dtype) };
        }
      } finally {
        await stream[Symbol.asyncDispose]();
      }
    },
    [Symbol.dispose]: () => archive[Symbol.dispose](),
  };
}

function arrayPerPhoto(
  archive: ZipArchive,
  members: string[],
  entries: readonly Entry[],
): FeaturesFile {
  const [{ header: first }] = entries;
  const { path } = archive;
  const names = members.map((member) => member.slice(0, -".npy".length));
  const claim = (index: number, { shape }: { shape: readonly number[] }) => ({
    entry: `${path}: its entry ${names[index]}`,
    shape,
  });
  const featureShape = featureShapeOf(claim(0, first));
  for (const [index, { header }] of entries.entries()) {
    checkFloats(header.dtype, claim(index, header).entry);
    checkShape(claim(index, header), featureShape, names[0]);
  }
  return {
    path,
    format: "npz",
    names,
    featureShape,
    dtype: first.dtype.name,
    async *entries(indices = allOf(names)): AsyncGenerator<FeatureEntry> {
      for (const index of indices) {
        const array = await unpack(archive, members[index]);
        checkShape(claim(index, array), featureShape, names[0]);
        yield { index, name: names[index], feature: array.floats() };
      }
    },
    [Symbol.dispose]: () => archive[Symbol.dispose](),
  };
}

async function headerOf(archive: ZipArchive, member: string): Promise<NpyHeader> {
  await using stream = new ByteStream(archive.stream(member), `${archive.path}: ${member}`);
  return await skipHeader(stream);
}

async function skipHeader(stream: ByteStream): Promise<NpyHeader> {
  const prefix = await stream.read(NPY_PREFIX);
  const rest = await stream.read(npyHeaderEnd(prefix, stream.name) - NPY_PREFIX);
  const head = new Uint8Array(prefix.length + rest.length);
  head.set(prefix);
  head.set(rest, prefix.length);
  return parseNpyHeader(head, stream.name);
}

async function unpack(archive: ZipArchive, member: string): Promise<NumpyArray> {
  const { path, members } = archive;
  const { size } = members.get(member)!;
  if (size > LARGEST_UNPACKED) {
    throw new SyntaxError(
      `${path}: its member ${member} has ${size} bytes, too many to unpack at once: ` +
        "unpack the archive and give the .npy file",
    );
  }
  return readNpy(new MemoryBytes(`${path}: its entry ${member}`, await archive.read(member)));
}
