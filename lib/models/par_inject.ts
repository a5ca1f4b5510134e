import { z } from "zod";
import type { DecoderKind } from "./decoder_kind.ts";
import {
  checkRecurrent,
  imageUnits,
  optionalDense,
  recurrentFields,
  type RecurrentSettings,
} from "./recurrent_settings.ts";

/** Settings of the par-inject decoder. */
export interface ParInjectSettings extends RecurrentSettings {
  /** Chooses this decoder. */
  kind: "par_inject";
  /** Width of the image's projection; null: `units`. @default {null} */
  imageUnits: number | null;
  /** Width of a dense layer with ReLU before the softmax; null: none. @default {null} */
  dense: number | null;
}

/** The same as they are written: what is left out gets its default. */
export type ParInjectSettingsInput =
  & Pick<ParInjectSettings, "kind">
  & Partial<Omit<ParInjectSettings, "kind">>;

/**
 * Schema of {@linkcode ParInjectSettings}.
 *
 * @internal
 */
const parInjectSettings: z.ZodType<ParInjectSettings, ParInjectSettingsInput> = z
  .strictObject({
    kind: z.literal("par_inject"),
    ...recurrentFields({
      units: 256,
      unitsOf: "width of each recurrent layer, and of the image's projection",
      wordDropout: 0.3,
      outputDropout: 0.5,
      imageScale: "none",
      imageActivation: "relu",
    }),
    imageUnits,
    dense: optionalDense,
  }).superRefine(checkRecurrent);

/** The par-inject decoder. */
export const parInject: DecoderKind<ParInjectSettings, ParInjectSettingsInput> = {
  settings: parInjectSettings,
  create: () => {
    throw new RangeError("The par_inject decoder is known, but not computed yet");
  },
};
