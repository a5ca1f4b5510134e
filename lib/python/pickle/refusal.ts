import type { ByteSource } from "../byte_source.ts";
import type { Dialect } from "./global.ts";

/** What to save instead of objects of a library, by the beginning of their class's name. */
const REMEDIES: readonly [RegExp, string][] = [
  [/^torch\./, "save numpy arrays instead of tensors: {name: tensor.cpu().numpy(), …}"],
  [/^(jax|tensorflow)\.(?!.*keras)/, "save numpy arrays instead: {name: tensor.numpy(), …}"],
  [/^pandas\./, "save a dict instead of a table: {name: numpy array, …} or {word: index, …}"],
  [/^(joblib|sklearn)\./, "load it by joblib in Python and save it again by pickle.dump"],
  [/^_?(dill|cloudpickle)\./, "load it in Python and save it again by pickle.dump"],
  [/\b(tf_)?keras\./, "save a model by model.save, words as {word: index, …}"],
];

/** Modules of Python itself: their functions have no place in a file of data. */
const OF_PYTHON =
  /^(os|posix|nt|subprocess|sys|builtins|__builtin__|collections|numpy|_codecs|runpy|shutil|socket)?\./;

const OTHERS = "load it in the project that wrote it and save what it holds as dicts, lists and " +
  "numpy arrays, such as {word: index, …}";

/** The error for a pickle that needs an unknown function or class. */
export function refused(
  { name }: ByteSource,
  what: string,
  dialect: Dialect = "plain",
): SyntaxError {
  if (dialect === "torch") {
    return new SyntaxError(
      `${name} needs ${what}, which is not among the types of a state dict of torch; nothing was ` +
        "executed: save model.state_dict() alone, its tensors of float16, float32 or float64",
    );
  }
  const remedy = REMEDIES.find(([pattern]) => pattern.test(what))?.[1] ??
    (/^[\w.]*\./.test(what) && !OF_PYTHON.test(what) ? OTHERS : undefined);
  return new SyntaxError(
    `${name} needs ${what}, which is not among the types of a Keras tokenizer or features file; ` +
      "nothing was executed" + (remedy === undefined ? "" : `: ${remedy}`),
  );
}

/** The error for a pickle that is not valid. */
export function damaged({ name }: ByteSource, at: number, what: string): SyntaxError {
  return new SyntaxError(`${name} is damaged at byte ${at}: ${what}; get the file again`);
}
