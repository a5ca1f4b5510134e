import { createDecoder } from "../models/mod.ts";
import type { GraphLayer } from "../plots/mod.ts";
import { attentionLayers } from "./attention_layers.ts";
import { type ExportedRun, paddedLength } from "./export/exported_run.ts";
import { decoderLayers } from "./keras/decoder_layers.ts";
import { MASK } from "./keras/layer_stack.ts";
import { transformerGraph } from "./transformer_graph.ts";

/** What a decoder's layers depend on. */
export type DecoderGraphOptions = Pick<
  ExportedRun,
  "model" | "tokenizer" | "decoding" | "featureShape"
>;

/**
 * A decoder's layers, from the photo's feature and the words so far to the next word, with the shape
 * that each gives and the number of its parameters: what Keras' `plot_model` and `summary` show of
 * the exported decoder, where Keras has layers for it. The words are padded to the longest caption.
 */
export function decoderGraph(of: DecoderGraphOptions): GraphLayer[] {
  const { model, tokenizer, featureShape } = of;
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const { weightShapes, frozen } = createDecoder(model, inputs);
  const count = (name: string) => weightShapes.get(name)!.reduce((a, b) => a * b, 1);
  if (model.kind === "transformer") {
    return transformerGraph(model, inputs, (prefix) => {
      const names = [...weightShapes.keys()].filter((name) => name.startsWith(prefix));
      return names.reduce((sum, name) => sum + count(name), 0);
    });
  }
  const length = paddedLength(of);
  const layers = model.kind === "attention"
    ? attentionLayers(model, inputs, length)
    : decoderLayers(model, inputs, { length }).layers;
  // Masks say only where the padding is.
  return layers.filter(({ className }) => className !== MASK).map((layer) => ({
    name: layer.name,
    kind: layer.className,
    detail: detailOf(layer.config),
    shape: layer.shape.slice(1).map((side) => side ?? 1),
    parameters: layer.weights.reduce((sum, name) => sum + count(name), 0),
    isFrozen: layer.weights.some((name) => frozen.has(name)),
    inputs: [...layer.inputs, ...layer.states ?? []].filter((name, i, all) =>
      all.indexOf(name) === i
    ),
  }));
}

/** The one setting by which layers of a class differ most. */
function detailOf({ activation, rate, n, scale }: Record<string, unknown>): string {
  if (typeof rate === "number") return `rate ${rate}`;
  if (typeof n === "number") return `${n} times`;
  if (typeof scale === "number") return `times ${Number(scale.toPrecision(4))}`;
  return typeof activation === "string" && activation !== "linear" ? activation : "";
}
