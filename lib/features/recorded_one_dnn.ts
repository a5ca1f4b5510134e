import { explainWriteError, lockFolder } from "../storage/mod.ts";
import { beginCache, type FeatureCache } from "./feature_cache.ts";
import type { Manifest } from "./manifest.ts";
import { PATIENCE } from "./shard_claims.ts";

/**
 * Which convolutions oneDNN computes for a cache's features: what its manifest records, however fast
 * that is on this machine. For a new cache it is chosen, and recorded before the first feature is
 * computed: of several processes that fill it, the first one's choice counts.
 *
 * @param choose names of convolutions; undefined leaves it to the engine, and is not recorded
 */
export async function recordedOneDnn(
  cache: FeatureCache,
  choose: () => Promise<Manifest["oneDnn"]> | Manifest["oneDnn"],
): Promise<Manifest["oneDnn"]> {
  if (cache.begun) return cache.oneDnn;
  const { folder } = cache;
  cache.oneDnn = await choose();
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, folder);
  });
  using _lock = await lockFolder(folder, { patience: PATIENCE });
  await beginCache(cache);
  return cache.oneDnn;
}
