import { widthOf } from "../torch/tensor.ts";

/** A function or class that a pickle may name; only its name is kept. */
export class Global {
  /**
   * A name and what it stands for.
   *
   * @param name full name in the pickle, with its module
   * @param kind what it is, whichever module it is in
   */
  constructor(readonly name: string, readonly kind: GlobalKind) {}
}

/** What a known name stands for. */
export type GlobalKind =
  | "int"
  | "factory"
  | "Counter"
  | "convert_to_tensor"
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
  | "path"
  | "rebuild_tensor"
  | "storage";

/** Whose pickle it is: torch's hold tensors, which no other may. */
export type Dialect = "plain" | "torch";

/** Modules of different versions, the name in them, and what it is. */
const KNOWN: [modules: string[], name: string, kind: GlobalKind][] = [
  [["builtins", "__builtin__"], "int", "int"],
  [["__builtin__"], "long", "int"], // Python 3's int in protocols 0 to 2
  ...["list", "dict", "float", "str"].map((name): [string[], string, GlobalKind] => [
    ["builtins", "__builtin__"],
    name,
    "factory",
  ]),
  [["builtins", "__builtin__"], "object", "object"],
  [["builtins", "__builtin__"], "set", "set"],
  [["builtins", "__builtin__"], "bytes", "bytes"],
  [["collections"], "OrderedDict", "OrderedDict"],
  [["collections"], "defaultdict", "defaultdict"],
  [["collections"], "Counter", "Counter"],
  [["tensorflow.python.framework.ops"], "convert_to_tensor", "convert_to_tensor"],
  [["copyreg", "copy_reg"], "_reconstructor", "reconstructor"],
  [["_codecs"], "encode", "encode"],
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

/** Keras' class, which has been in a dozen modules, all of Keras and named alike. */
const KERAS_TOKENIZER = /^([\w.]+\.)?(tf_)?keras(_preprocessing)?\.([\w.]+\.)?text\.Tokenizer$/;

/** The known function or class of that name, or undefined. */
export function findGlobal(module: string, name: string, dialect: Dialect): Global | undefined {
  const full = `${module}.${name}`;
  const kind = dialect === "torch"
    ? torchKind(module, name)
    : KINDS.get(full) ?? (KERAS_TOKENIZER.test(full) ? "Tokenizer" : undefined);
  return kind === undefined ? undefined : new Global(full, kind);
}

/** All that a state dict needs; nothing else is known in torch's files. */
function torchKind(module: string, name: string): GlobalKind | undefined {
  const full = `${module}.${name}`;
  if (full === "collections.OrderedDict") return "OrderedDict";
  if (full === "torch._utils._rebuild_tensor_v2") return "rebuild_tensor";
  return module === "torch" && widthOf(name) !== undefined ? "storage" : undefined;
}
