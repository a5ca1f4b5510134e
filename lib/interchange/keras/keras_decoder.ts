import type { ModelSettings } from "../../models/mod.ts";

/** Settings of the decoders that Keras' own layers can express, but for tied output layers. */
export type KerasDecoder = Extract<
  ModelSettings,
  { kind: "merge" | "par_inject" | "init_inject" | "bilstm_dot" }
>;

/**
 * The settings of a decoder that is to be written with Keras' own layers.
 *
 * @throws {RangeError} if they cannot express it
 */
export function asKerasDecoder(settings: ModelSettings): KerasDecoder {
  if (settings.kind === "attention" || settings.kind === "transformer") {
    throw cannot(`the ${settings.kind} decoder`);
  }
  if ("tiedOutput" in settings && settings.tiedOutput) {
    throw cannot("an output layer tied to the embedding (model.tiedOutput)");
  }
  return settings;
}

function cannot(what: string): RangeError {
  return new RangeError(`Keras' own layers cannot express ${what}: export with --format tfjs`);
}
