import { z } from "zod";

/** Where photos are fetched from, and how; nothing of it decides which photos they are. */
export const bucketSettings = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ })
    .default("https://open-images-dataset.s3.amazonaws.com").describe(
      "address under which PARTITION/IMAGE_ID.jpg are",
    ),
  partitions: z.array(z.string().regex(/^[\w.-]*\w[\w.-]*$/)).min(1)
    .default(["train", "validation", "test"]).describe(
      "where a photo is looked for, in turn",
    ),
  fetch: z.enum(["never", "new", "failed", "all"]).default("failed").describe(
    "photos to ask for, of those that are not here: never: none; new: those never asked for; " +
      "failed: also those that failed before; all: also those that were nowhere",
  ),
  // What a home line carries at the latency that most of the world has to the bucket; more of them
  // fill a faster one.
  concurrency: z.int().min(1).max(256).default(16).describe("photos that are fetched at once"),
  retries: z.int().min(0).max(20).default(5).describe("attempts after the first, for each photo"),
  retryDelay: z.number().min(0).max(60).default(1).describe(
    "seconds before the second attempt, doubled each time, with jitter",
  ),
  stallTimeout: z.number().min(0.1).max(600).default(30).describe(
    "seconds without a byte after which an attempt is given up",
  ),
  etagIsMd5: z.boolean().default(true).describe(
    "check photos by ETags of 32 hexadecimal digits, which are MD5 sums on S3",
  ),
});

/** Where photos are fetched from, and how. */
export type BucketSettings = z.infer<typeof bucketSettings>;

/**
 * How photos are made smaller on arrival. Every encoder takes squares of 224 or 299 pixels: from a
 * shorter side of 320 all of them are still reduced, never enlarged.
 */
export const resizeSettings = z.union([
  z.literal(false),
  z.strictObject({
    shorterSide: z.int().min(32).max(4096).default(320).describe(
      "pixels of the shorter side; smaller photos are not enlarged",
    ),
    quality: z.int().min(1).max(100).default(90).describe("JPEG quality"),
  }),
]);

/** How photos are made smaller on arrival; false: they are kept as they come. */
export type ResizeSettings = z.infer<typeof resizeSettings>;

/** Where photos were looked for, as the record of those that are nowhere has it. */
export function describeBucket({ endpoint, partitions }: BucketSettings): string {
  return `${endpoint.replace(/\/+$/, "")} ${partitions.join(" ")}`;
}
