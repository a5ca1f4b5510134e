import { basename, join } from "node:path";

/**
 * Refuses a file of TensorFlow's own formats, or a folder of them, by the names that TensorFlow gives.
 *
 * @param names names in the folder; absent for a file
 * @throws {SyntaxError} that says what it is and what to do
 */
export function checkTensorflow(path: string, names?: ReadonlySet<string>): void {
  const what = names === undefined ? whatIsFile(path) : whatIsFolder(path, names);
  if (what !== undefined) throw new SyntaxError(`${path} is ${what}`);
}

function whatIsFile(path: string): string | undefined {
  const name = basename(path);
  if (/\.index$|\.data-\d{5}-of-\d{5}$/.test(name) || name === "checkpoint") {
    return checkpoint(name === "checkpoint" ? "…" : name.replace(/\.(index|data-.*)$/, ""));
  }
  if (/\.meta$/.test(name)) return checkpoint(name.replace(/\.meta$/, ""));
  if (/\.ya?ml$/i.test(name)) {
    return "YAML, in which Keras kept a model's layers until 2.5 and which is not read: make JSON of it " +
      'in Python by json.dump(yaml.safe_load(open(FILE)), open("model.json", "w"))';
  }
  if (/\.pb$/.test(name)) {
    return "part of a SavedModel of TensorFlow, which is not read: load its folder in Keras and save it as " +
      ".keras or .h5 (model.save)";
  }
}

function whatIsFolder(path: string, names: ReadonlySet<string>): string | undefined {
  if (names.has("saved_model.pb")) {
    return "a SavedModel of TensorFlow, which is not read: load it in Keras and save it as .keras or " +
      ".h5 (model.save)";
  }
  const index = [...names].find((name) => name.endsWith(".index"));
  if (index !== undefined) {
    return `the folder of ${checkpoint(index.replace(/\.index$/, ""), path)}`;
  }
  const json = ["model.json", "tfjs"].find((name) => names.has(name));
  if (json === undefined || ![...names].some((name) => name.endsWith(".bin"))) return undefined;
  return "the folder of a TF.js model; give the Keras file that it was converted from";
}

function checkpoint(prefix: string, folder?: string): string {
  const from = folder === undefined ? prefix : join(basename(folder), prefix);
  return `${
    folder === undefined ? "part of " : ""
  }a TensorFlow checkpoint, which is not read: load it ` +
    `into its model in Keras (model.load_weights("${from}")) and save it as .keras or .h5 (model.save)`;
}
