/** A function or class that a pickle may name; only its name is kept. */
export class Global {
  /**
   * @param name full name in the pickle, with its module
   * @param kind what it is, whichever module it is in
   */
  constructor(readonly name: string, readonly kind: GlobalKind) {}
}

/** What a known name stands for. */
export type GlobalKind =
  | "int"
  | "object"
  | "set"
  | "bytes"
  | "OrderedDict"
  | "defaultdict"
  | "reconstructor"
  | "encode"
  | "Tokenizer"
  | "ndarray"
  | "dtype"
  | "reconstruct"
  | "scalar"
  | "frombuffer"
  | "path";

/** Modules of different versions, the name in them, and what it is. */
const KNOWN: [modules: string[], name: string, kind: GlobalKind][] = [
  [["builtins", "__builtin__"], "int", "int"],
  [["__builtin__"], "long", "int"], // Python 3's int in protocols 0 to 2
  [["builtins", "__builtin__"], "object", "object"],
  [["builtins", "__builtin__"], "set", "set"],
  [["builtins", "__builtin__"], "bytes", "bytes"],
  [["collections"], "OrderedDict", "OrderedDict"],
  [["collections"], "defaultdict", "defaultdict"],
  [["copyreg", "copy_reg"], "_reconstructor", "reconstructor"],
  [["_codecs"], "encode", "encode"],
  [
    [
      "keras_preprocessing.text",
      "keras.preprocessing.text",
      "keras.src.preprocessing.text",
      "keras.src.legacy.preprocessing.text",
      "keras.legacy.preprocessing.text",
      "tf_keras.preprocessing.text",
      "tf_keras.src.preprocessing.text",
      "tensorflow.keras.preprocessing.text",
      "tensorflow.python.keras.preprocessing.text",
      "tensorflow.python.keras._impl.keras.preprocessing.text",
      "tensorflow.contrib.keras.python.keras.preprocessing.text",
    ],
    "Tokenizer",
    "Tokenizer",
  ],
  [["numpy"], "ndarray", "ndarray"],
  [["numpy"], "dtype", "dtype"],
  [["numpy.core.multiarray", "numpy._core.multiarray"], "_reconstruct", "reconstruct"],
  [["numpy.core.multiarray", "numpy._core.multiarray"], "scalar", "scalar"],
  [["numpy.core.numeric", "numpy._core.numeric"], "_frombuffer", "frombuffer"],
  ...["PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"].map((
    name,
  ): [string[], string, GlobalKind] => [["pathlib", "pathlib._local"], name, "path"]),
];

const KINDS: ReadonlyMap<string, GlobalKind> = new Map(
  KNOWN.flatMap(([modules, name, kind]) =>
    modules.map((module): [string, GlobalKind] => [`${module}.${name}`, kind])
  ),
);

/** The known function or class of that name, or undefined. */
export function findGlobal(module: string, name: string): Global | undefined {
  const full = `${module}.${name}`;
  const kind = KINDS.get(full);
  return kind === undefined ? undefined : new Global(full, kind);
}
