import { experimentArguments, printJson, printTable, runTask } from "../lib/cli/mod.ts";
import { prepareData } from "../lib/stages/mod.ts";
import { counted } from "../lib/text/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "prepare",
    "Converts a data set's own files into one table of photos, captions and splits.",
    task,
    undefined,
    ["dataset"],
  );
  const { folder, summary } = await prepareData(experiment);
  task.progress.finish();
  const { captions, photos, rejected } = summary;
  if (options.json) printJson({ captions, photos, rejected });
  else {
    printTable([
      ["data set", folder],
      ["captions", captions],
      ["photos", photos],
      ["rejected rows", rejected],
      ...summary.splits.map(({ split, photos, captions }): [string, string] => [
        split || "in no split",
        `${counted(photos, "photo")}, ${counted(captions, "caption")}`,
      ]),
    ]);
  }
}, { resumes: true });
