import { Captioner, readCaptionerParts } from "../lib/captioner/mod.ts";
import { experimentArguments, runTask, UsageError } from "../lib/cli/mod.ts";
import { UnreadablePhotoError } from "../lib/images/mod.ts";

await runTask(async (argv, signal) => {
  const { experiment, options, files, finish } = await experimentArguments(
    "caption",
    "Captions photos by a trained run, a line each.",
    argv,
    signal,
    (command) =>
      command.requiredOption("--run <folder>", "the trained run")
        .argument("<photo...>", "photo files")
        .allowExcessArguments(true),
  );
  if (files.length === 0) throw new UsageError("Name at least one photo");
  const { config, say } = experiment;
  const parts = await readCaptionerParts(options.run as string, config);
  const captioner = new Captioner({ ...parts, say }, await experiment.engine());
  let failed = 0;
  for (const photo of files) {
    signal.throwIfAborted();
    try {
      const [caption] = await captioner.captionPhotos([photo], config.decoding);
      finish();
      console.log(
        options.json ? JSON.stringify({ photo, ...caption }) : `${photo}\t${caption.caption}`,
      );
    } catch (error) {
      if (!(error instanceof UnreadablePhotoError || error instanceof Deno.errors.NotFound)) {
        throw error;
      }
      failed++;
      say(
        `${photo}: ${
          error instanceof Deno.errors.NotFound ? "there is no such file" : error.message
        }`,
      );
    }
  }
  if (failed > 0) throw new Error(`${failed} of ${files.length} photos could not be captioned`);
});
