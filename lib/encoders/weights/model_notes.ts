import type { Preprocessing } from "../architectures/preprocessing.ts";

/** How photos reach a network here. */
export interface PhotoInput {
  /** Pixels a side. */
  imageSize: number;
  /** What becomes of their bytes. */
  preprocessing: Preprocessing;
}

/**
 * What the config of a model tells of photos that are fed to it in another way than here, where its
 * weights give other features: their size, and a Rescaling layer in it.
 *
 * @param config as Keras writes it beside the weights
 */
export function modelNotes(
  config: unknown,
  label: string,
  { imageSize, preprocessing }: PhotoInput,
): string[] {
  const notes: string[] = [];
  const layers = [...layersIn(config)];
  const [size] = layers.flatMap(({ batch_shape: shape, batch_input_shape: older }) => {
    const [, height, width, channels] = [shape ?? older].flat();
    return channels === 3 && typeof height === "number" ? [[height, width]] : [];
  });
  if (size !== undefined && size.some((side) => side !== imageSize)) {
    notes.push(
      `${label} is of a model for photos of ${size.join(" × ")} pixels, and encoder.imageSize is ` +
        `${imageSize}: for the features that it gave there, set encoder.imageSize to ${size[0]}`,
    );
  }
  const rescaling = layers.find(({ scale, offset }) => scale !== undefined && offset !== undefined);
  if (rescaling !== undefined && !isSame(rescaling, preprocessing)) {
    notes.push(
      `${label} is of a model that multiplies pixels by ${rescaling.scale} and adds ` +
        `${rescaling.offset} (Rescaling), but here they become what keras.applications' ` +
        "preprocess_input makes of them: features are others than that model's",
    );
  }
  return notes;
}

/** Whether a Rescaling layer does what a network's own preprocessing does. */
function isSame({ scale, offset }: LayerConfig, { divisor, shift, order }: Preprocessing): boolean {
  return order[0] === 0 && Math.abs(Number(scale) * divisor - 1) < 1e-6 &&
    shift.every((less) => Math.abs(Number(offset) + less) < 1e-6);
}

type LayerConfig = Record<string, unknown>;

/** The configs of layers, those of models in it as well, in the file's order. */
function* layersIn(value: unknown): Generator<LayerConfig> {
  if (Array.isArray(value)) { for (const one of value) yield* layersIn(one); }
  else if (typeof value === "object" && value !== null) {
    const { class_name: kind, config } = value as LayerConfig;
    if (typeof kind === "string" && typeof config === "object" && config !== null) {
      yield config as LayerConfig;
    }
    for (const one of Object.values(value)) yield* layersIn(one);
  }
}
