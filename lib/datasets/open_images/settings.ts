import { z } from "zod";
import { AllowedHosts } from "../../storage/mod.ts";

/** Where photos are fetched from, and how; none of it decides which photos. */
export const bucketSettings = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ })
    .default("https://open-images-dataset.s3.amazonaws.com").describe(
      "address of the bucket; photos are at PARTITION/IMAGE_ID.jpg under it",
    ),
  hosts: z.array(z.string().min(1)).optional().describe(
    "further hosts that it may redirect to; with their port (localhost:8000), also on this machine " +
      "or in a private network",
  ),
  partitions: z.array(z.string().regex(/^[\w.-]*\w[\w.-]*$/)).min(1)
    .default(["train", "validation", "test"]).describe(
      "where to look for a photo, in this order",
    ),
  fetch: z.enum(["never", "new", "failed", "all"]).default("failed").describe(
    "missing photos to request: never: none; new: those never requested; " +
      "failed: also those that failed before; all: also those in no partition",
  ),
  // Fills a home connection at the usual latency to the bucket; a faster one carries more.
  concurrency: z.int().min(1).max(256).default(16).describe("photos fetched at once"),
  retries: z.int().min(0).max(20).default(5).describe("attempts after the first, for each photo"),
  retryDelay: z.number().min(0).max(60).default(1).describe(
    "seconds before the second attempt, doubled each time, with jitter",
  ),
  stallTimeout: z.number().min(0.1).max(600).default(30).describe(
    "seconds without data after which an attempt is abandoned",
  ),
  etagIsMd5: z.boolean().default(true).describe(
    "check photos by ETags of 32 hexadecimal digits, which are MD5 sums on S3",
  ),
});

/** Where photos are fetched from, and how. */
export type BucketSettings = z.infer<typeof bucketSettings>;

/**
 * How photos are shrunk on arrival. Encoders take squares of 224 or 299 pixels: a shorter side of 320
 * is still reduced for each of them, never enlarged.
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

/** How photos are shrunk on arrival; false: they are stored as received. */
export type ResizeSettings = z.infer<typeof resizeSettings>;

/** Where photos were looked for, as recorded with those that are nowhere. */
export function describeBucket({ endpoint, partitions }: BucketSettings): string {
  return `${endpoint.replace(/\/+$/, "")} ${partitions.join(" ")}`;
}

/** The hosts that photos may come from. */
export function bucketHosts({ endpoint, hosts }: BucketSettings): AllowedHosts {
  return new AllowedHosts([endpoint], { named: hosts, setting: "dataset.bucket.hosts" });
}
