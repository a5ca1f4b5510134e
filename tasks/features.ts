import { experimentArguments, printJson, printTable, runTask } from "../lib/cli/mod.ts";
import { throughFeatures } from "../lib/stages/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "features",
    "Encodes the photos that have no cached features yet, and caches theirs.",
    task,
    undefined,
    ["dataset", "encoder"],
  );
  const { features: { folder, checked: _, ...result } } = await throughFeatures(experiment);
  task.progress.finish();
  if (options.json) printJson(result);
  else {
    printTable([
      ["features", folder],
      ["photos", result.photos],
      ["rejected photos", result.rejected],
      ["photos/s", result.photosPerSecond],
    ]);
  }
}, { resumes: true });
