import type { z } from "zod";
import type { Listener } from "../progress/mod.ts";
import type { CountedFrame } from "../text/mod.ts";
import { digestJson } from "../storage/mod.ts";
import { takeOffMarkers } from "./caption_markers.ts";
import { checkEncoding, describeDamage } from "./check_encoding.ts";
import { choosePhotos, type ChooseSettings, type ChosenPhotos } from "./choose_photos.ts";
import { captionsInField } from "./files/caption_text.ts";
import { type FoundDataset, PhotoRefusedError } from "./found_dataset.ts";
import { digestPhotos } from "./photo_digests.ts";
import { describeRejections } from "./rejections.ts";
import type {
  CaptionRow,
  DatasetSource,
  OpenDataset,
  PrepareContext,
  PreparedDataset,
  RejectedRow,
  SettingsSchema,
} from "./dataset_source.ts";

/**
 * A source that only has to read its own files: finding photos, rejecting, splitting, limiting and
 * digesting are the same for all.
 */
export function captionsSource<S extends SettingsSchema>(
  { settings, read }: {
    settings: S;
    /** Reads captions and lists photos. */
    read(settings: z.infer<S> & ChooseSettings, context: PrepareContext): Promise<FoundDataset>;
  },
): DatasetSource<S> {
  return {
    settings,
    async open(given, context) {
      const settings = given as z.infer<S> & ChooseSettings;
      const found = listsTaken(await read(settings, context));
      checkEncoding(found);
      return new CaptionsDataset(given.kind as string, found, settings, context);
    },
  };
}

/** Captions that were read, and photos that are digested on the first request. */
class CaptionsDataset implements OpenDataset {
  readonly #kind: string;
  readonly #context: PrepareContext;
  /** Without its rows, which stay in `#choice` alone. */
  readonly #found: Omit<FoundDataset, "rows">;
  readonly #choice: ChosenPhotos;
  readonly #notes: string[];
  readonly #markers: CountedFrame[];
  #digests?: Promise<Map<string, string | Error>>;

  constructor(
    kind: string,
    { rows, ...found }: FoundDataset,
    settings: ChooseSettings,
    context: PrepareContext,
  ) {
    this.#kind = kind;
    this.#context = context;
    this.#found = found;
    this.#notes = [...found.notes ?? []];
    this.#notes.push(...describeDamage({ path: found.path, rows }));
    const note: Required<Listener>["say"] = (line) => this.#notes.push(line);
    const unframed = takeOffMarkers(rows, settings.markers);
    if (unframed.note !== undefined) note(unframed.note);
    this.#markers = unframed.markers;
    this.#choice = choosePhotos({ ...found, rows: unframed.rows }, settings, note);
  }

  async fingerprint(): Promise<string> {
    const digests = await this.#digestChosen();
    return digestJson({
      folder: this.#found.photos.path,
      inputs: this.#found.inputs,
      photos: [...digests].map(([photo, digest]) => [photo, String(digest)]),
    });
  }

  async prepare(): Promise<PreparedDataset> {
    for (const note of this.#notes) this.#context.say?.(note);
    const digests = await this.#digestChosen();
    const { rows, splits } = this.#choice;
    const captions: CaptionRow[] = [];
    const rejected: RejectedRow[] = [];
    for (const row of rows) {
      if ("reason" in row) {
        rejected.push(row);
        continue;
      }
      const { photo, caption } = row;
      const digest = digests.get(photo);
      if (digest instanceof Error) rejected.push({ row: row.row, reason: reasonOf(digest) });
      else if (digest !== undefined) {
        captions.push({ photo, digest, caption, split: splits.get(photo)! });
      }
    }
    const { path, photos } = this.#found;
    if (captions.length === 0) {
      throw new Error(
        `No photo of ${path} can be used, ${describeRejections(rejected)}: check the photos in ` +
          photos.path,
      );
    }
    sayEqualPhotos(captions, this.#context);
    return {
      kind: this.#kind,
      photoFolder: photos.path,
      captions,
      rejected,
      rows: rows.length,
      markers: this.#markers,
    };
  }

  /** Runs once, for whichever of the two asks first; a photo that failed is not tried again. */
  #digestChosen(): Promise<Map<string, string | Error>> {
    const { photos, fetchPhotos } = this.#found;
    const { chosen } = this.#choice;
    return this.#digests ??= fetchPhotos?.(chosen) ??
      digestPhotos(photos.path, chosen, this.#context);
  }
}

/** Takes each caption of a list that is written into one, as Python's `str(list)` does. */
function listsTaken({ rows, ...found }: FoundDataset): FoundDataset {
  const taken = rows.flatMap((row): FoundDataset["rows"] => {
    if ("reason" in row) return [row];
    const reason = tooLong("photo's name", row.photo, LONGEST_NAME) ??
      tooLong("field", row.caption, LONGEST_FIELD);
    if (reason !== undefined) return [{ row: row.row, reason }];
    const captions = captionsInField(row.caption);
    if ("reason" in captions) return [{ row: row.row, reason: captions.reason }];
    for (const caption of captions.captions) {
      const reason = tooLong("caption", caption, LONGEST_CAPTION);
      if (reason !== undefined) return [{ row: row.row, reason }];
    }
    if (captions.captions.length === 1 && captions.captions[0] === row.caption) return [row];
    const each = captions.captions.filter(Boolean);
    return (each.length === 0 ? [""] : each).map((caption) => ({ ...row, caption }));
  });
  return { ...found, rows: taken };
}

/** Characters of the longest name of a photo, caption, and list of captions in a field. */
const LONGEST_NAME = 1000;
const LONGEST_CAPTION = 10_000;
const LONGEST_FIELD = 1_000_000;

/** Why a text is none: what a damaged file has instead, and no pattern is matched against in time. */
function tooLong(what: string, text: string, longest: number): string | undefined {
  return text.length > longest
    ? `malformed, a ${what} of ${text.length.toLocaleString("en")} characters`
    : undefined;
}

function reasonOf(error: Error): string {
  return error instanceof PhotoRefusedError ? error.message : "unreadable photo";
}

/** A photo of dev or test that is also in train under another name makes scores too good. */
function sayEqualPhotos(captions: CaptionRow[], { say }: PrepareContext): void {
  const train = new Map<string, string>();
  for (const { split, digest, photo } of captions) if (split === "train") train.set(digest, photo);
  const equal = captions.filter((row) =>
    (row.split === "dev" || row.split === "test") && train.has(row.digest)
  );
  if (equal.length === 0) return;
  const [{ photo, split, digest }] = equal;
  const count = new Set(equal.map((row) => row.photo)).size;
  say?.(
    `${count} ${
      count === 1 ? "photo of dev or test is" : "photos of dev or test are"
    } also in train ` +
      `under another name, such as ${photo} of ${split} (${
        train.get(digest)
      }): scores will be too good`,
  );
}
