import { shorten } from "../../text/mod.ts";
import { folded, partsOf } from "./photo_name.ts";
import type { PhotoMatch } from "./photo_match.ts";
import { matchDistance, namesByPhoto } from "./shared_photos.ts";

/**
 * What is to be said of names that were not taken as they are: one line for each kind, with their
 * number and an example.
 *
 * @param origin the file that the names are from
 */
export function describeMatches(
  matches: ReadonlyMap<string, PhotoMatch>,
  origin: string,
): string[] {
  const kinds = new Map<string, { count: number; example: string }>();
  const note = (kind: string, example: string) => {
    const found = kinds.get(kind);
    if (found === undefined) kinds.set(kind, { count: 1, example });
    else found.count++;
  };
  for (const [name, match] of matches) {
    const [kind, example] = remarkOn(name, match);
    if (kind !== undefined) note(`name ${kind}`, example);
  }
  for (const [photo, group] of namesByPhoto(matches)) {
    if (group.length < 2) continue;
    const [a, b] = group.toSorted((a, b) => matchDistance(a.match) - matchDistance(b.match));
    note(
      "photo with several names",
      `"${shown(a.name)}" and "${shown(b.name)}" for ${photo}: taken for the same`,
    );
  }
  return [...kinds].map(([kind, { count, example }]) => {
    const counted = count === 1 ? kind : kind.replace(/^\w+/, "$&s");
    return `${origin}: ${count.toLocaleString("en")} ${counted}, such as ${example}`;
  });
}

function remarkOn(
  name: string,
  match: PhotoMatch,
): [kind: string, example: string] | [kind: undefined] {
  switch (match.kind) {
    case "none":
      return ["of no photo that is there", `"${shown(name)}": rejected`];
    case "elsewhere":
      return [
        "with a folder that no photo of that file name is in",
        `"${shown(name)}", while there is ${listed(match.photos)}: rejected`,
      ];
    case "several":
      return [
        "that could be each of several photos",
        `"${shown(name)}" for ${
          listed(match.photos)
        }: rejected, give the folder and the ending as well`,
      ];
    case "shared":
      return [
        "that fall on another name's photo",
        `"${shown(name)}" and "${shown(match.other)}" on ${match.photo}: rejected`,
      ];
    case "found":
      return remarkOnFound(name, match.photo, match);
  }
}

function remarkOnFound(
  name: string,
  photo: string,
  { likeness, moved }: Extract<PhotoMatch, { kind: "found" }>,
): [kind: string, example: string] | [kind: undefined] {
  const taken = `"${shown(name)}" for ${photo}: taken for that`;
  switch (likeness) {
    case "url":
      return ["as URLs write them", taken];
    case "number":
      return ["whose number is written in another way", taken];
    case "ending":
      return ["of photos that have another ending here", taken];
  }
  if (differsInCase(name, photo)) return ["in other upper and lower case", taken];
  if (moved) return ["with folders that the photos are not in here", taken];
  return [undefined];
}

/** In the common end of both paths. */
function differsInCase(name: string, photo: string): boolean {
  const [a, b] = [partsOf(name), partsOf(photo)].map(({ folders, file }) =>
    [...folders, file].reverse()
  );
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined || folded(part) !== folded(other)) return false;
    if (part !== other) return true;
  }
  return false;
}

function listed(photos: readonly string[]): string {
  const shown = photos.slice(0, 3).join(", ");
  const more = photos.length - 3;
  return more > 0 ? `${shown} and ${more.toLocaleString("en")} more` : shown;
}

/** A name as a line shows it, which a damaged file may make as long as itself. */
function shown(name: string): string {
  return shorten(name, 200);
}
