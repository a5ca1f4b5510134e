import { captionsByPhoto, readDocumentsFile } from "../datasets/mod.ts";
import type { EvaluationSettings } from "../metrics/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { digestFile } from "../storage/mod.ts";
import type { PreparedData } from "./prepared_data.ts";

/**
 * The captions by photo in which CIDEr-D's document frequencies are counted; undefined where that is
 * in the references.
 *
 * @throws {Error} naming the file, if it cannot be read
 * @throws {RangeError} if the data set has no train captions to count them in
 */
export async function scoringDocuments(
  settings: EvaluationSettings,
  prepared: Pick<PreparedData, "captions">,
  say: Required<Listener>["say"],
): Promise<string[][] | undefined> {
  const { documentFrequencies: from } = settings["cider-d"];
  if (!settings.metrics.includes("cider-d") || from === "references") return undefined;
  if (from !== "train") return await readDocumentsFile(from, say);
  const rows = await prepared.captions("train");
  if (rows.length > 0) {
    return [...captionsByPhoto(rows).values()].map((rows) => rows.map(({ caption }) => caption));
  }
  throw new RangeError(
    "evaluation.cider-d.documentFrequencies is train, but the data set has no train captions: set " +
      "references, or a file of captions",
  );
}

/** SHA-256 of the file of those captions; undefined where they are in no file of their own. */
export async function documentsDigest(settings: EvaluationSettings): Promise<string | undefined> {
  const { documentFrequencies: from } = settings["cider-d"];
  const isFile = settings.metrics.includes("cider-d") && !["references", "train"].includes(from);
  return isFile ? await digestFile(from) : undefined;
}
