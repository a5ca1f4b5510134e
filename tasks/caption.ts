import { experimentArguments, runTask, UsageError } from "../lib/cli/mod.ts";
import { UnreadablePhotoError } from "../lib/images/mod.ts";
import { Run } from "../lib/run/mod.ts";
import { captioningConfig, openCaptioner } from "../lib/stages/mod.ts";
import { isNotFound } from "../lib/storage/mod.ts";

await runTask(async (task) => {
  const { experiment, options, files } = await experimentArguments(
    "caption",
    "Captions photos with a trained run, one line each.",
    task,
    (command) =>
      command.requiredOption("--run <run>", "the trained run: its name, or its folder")
        .argument(
          "<photo...>",
          "photo files; with --encoder.features=FILE, photos that the file has features of, by name",
        )
        .allowExcessArguments(true),
    ["decoding", "encoder"],
  );
  if (files.length === 0) throw new UsageError("Name at least one photo");
  const { say } = experiment;
  const run = new Run(options.run as string);
  const config = await captioningConfig(run, experiment.config);
  const engine = await experiment.engine();
  const captioner = await openCaptioner(run, { engine, config, say });
  let failed = 0;
  for (const photo of files) {
    task.signal.throwIfAborted();
    try {
      const [caption] = await captioner.captionPhotos([photo], config.decoding, {
        signal: task.signal,
      });
      task.progress.finish();
      console.log(
        options.json ? JSON.stringify({ photo, ...caption }) : `${photo}\t${caption.caption}`,
      );
    } catch (error) {
      if (!(error instanceof UnreadablePhotoError || isNotFound(error))) throw error;
      failed++;
      say(`${photo}: ${isNotFound(error) ? "no such file" : (error as Error).message}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} of ${files.length} photos could not be captioned`);
});
