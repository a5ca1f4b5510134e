import { z } from "zod";

/**
 * How photos are resized for an encoder.
 *
 * @internal
 */
export const imageSettings = z.strictObject({
  fit: z.enum(["stretch", "crop"]).default("stretch").describe(
    "stretch: the whole photo, its sides scaled apart; crop: its largest centred square",
  ),
  kernel: z.enum(["nearest", "bilinear", "bicubic", "lanczos"]).default("bicubic").describe(
    "how pixels are resampled; nearest is the default of Keras' load_img, the others smooth",
  ),
  maxPixels: z.int().min(1).default(100_000_000).describe(
    "photos of more pixels (width × height) are rejected before they are decoded",
  ),
});

/** How photos are resized for an encoder. */
export type ImageSettings = z.infer<typeof imageSettings>;
