import { loadConfig } from "../../lib/config/mod.ts";
import type { Experiment } from "../../lib/stages/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";

/**
 * The config open_images_200k on made captions; each call gives settings of its own, so that stages
 * do not take each other's work for theirs.
 *
 * @param source folder laid out like Flickr8k
 * @param data where the stages write
 */
export async function experimentOn(source: string, data: string): Promise<Experiment> {
  return {
    config: await loadConfig({
      file: "open_images_200k",
      overrides: [
        "dataset.kind=flickr8k",
        `dataset.source=${source}`,
        'dataset.split={"train": 0.75, "dev": 0.2, "test": 0.05}',
        "dataset.duplicates=keep",
        "encoder.weights=random",
        // Else the network would be narrower at the small sizes.
        "text.fitOn=all",
        // An untrained network writes captions that never end.
        "decoding.maxLength=6",
        // The test split of the smallest size: all sizes have full batches.
        "decoding.batchSize=25",
      ],
    }),
    data,
    engine: () => startEngine({ say: console.error }),
    say: () => {},
    onProgress: () => {},
  };
}
