import { shorten } from "../text/mod.ts";
import type { RejectedRow } from "./dataset_source.ts";
import type { FoundDataset } from "./found_dataset.ts";
import { isPhotoFile } from "./photo_names/photo_name.ts";
import type { PhotoMatch } from "./photo_names/photo_match.ts";
import { describeRejections, remedyFor } from "./rejections.ts";

type Unmatched = Exclude<PhotoMatch, { kind: "found" }>;

const REASONS: Record<Unmatched["kind"], string> = {
  none: "no such photo",
  elsewhere: "no such photo",
  several: "several photos of that name",
  shared: "another name's photo",
};

/** Why captions of a name are rejected; undefined if its photo is found. */
export function whyUnmatched(match: PhotoMatch | undefined): string | undefined {
  return match === undefined || match.kind === "found" ? undefined : REASONS[match.kind];
}

/** The error for captions of which every row was rejected. */
export function nothingUsable(
  found: Pick<FoundDataset, "path" | "photos" | "nameColumn">,
  rejected: readonly RejectedRow[],
  matches: ReadonlyMap<string, PhotoMatch>,
): Error {
  const { path, photos } = found;
  const reasons = new Set(Object.values(REASONS));
  const unmatched = rejected.filter(({ reason }) => reasons.has(reason)).length;
  if (unmatched === rejected.length) {
    const { example, remedy } = explainUnmatched(found, matches);
    return new Error(`${path} names no photo in ${photos.path}: ${example}: ${remedy}`);
  }
  const start = `${path} has no caption that can be used, ${describeRejections(rejected)}: `;
  if (unmatched <= rejected.length / 2) {
    return new Error(start + remedyFor(rejected, "put the data set's own file there"));
  }
  return new Error(
    `${start}put its photos into ${photos.path}, or set dataset.images to the folder that has ` +
      `them; ${explainUnmatched(found, matches).example}`,
  );
}

function explainUnmatched(
  { photos: { files }, nameColumn }: Pick<FoundDataset, "photos" | "nameColumn">,
  matches: ReadonlyMap<string, PhotoMatch>,
): { example: string; remedy: string } {
  const entries = [...matches].filter((entry): entry is [string, Unmatched] =>
    entry[1].kind !== "found"
  );
  const [given, match] = entries.find(([, { kind }]) => kind !== "none") ?? entries[0];
  const name = shorten(given, 200);
  const owner = nameColumn === undefined ? "it" : `its column ${shorten(nameColumn)}`;
  const has = `${owner} has "${name}"`;
  const setImages = "set dataset.images to the folder that";
  switch (match.kind) {
    case "none": {
      const photo = files.find(isPhotoFile);
      const setColumn = nameColumn === undefined
        ? ""
        : ", or dataset.columns.photo to the column that names them";
      return {
        example: photo === undefined
          ? `${has}, for example, and there is no file that is a photo`
          : `${has}, for example, and there is "${photo}"`,
        remedy: `put its photos there, or ${setImages} has them${setColumn}`,
      };
    }
    case "elsewhere":
      return {
        example: `${has}, for example, and there is "${match.photos[0]}", in another folder`,
        remedy: "correct the names; or, if their folders tell nothing, " +
          `${setImages} has "${match.photos[0].replace(/^.*\//, "")}" itself`,
      };
    case "several":
      return {
        example: `${has}, for example, which could be ${match.photos.slice(0, 3).join(" or ")}`,
        remedy: "name the photos with their folders and endings",
      };
    case "shared":
      return {
        example: `"${name}" and "${
          shorten(match.other, 200)
        }", for example, would both be ${match.photo}`,
        remedy: `${setImages} has their folders`,
      };
  }
}
