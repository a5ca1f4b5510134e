import { endingOf, folded, isPlainFolder, partsOf, stemOf, withoutUrlParts } from "./photo_name.ts";
import { LIKENESSES } from "./photo_tree.ts";
import type { FoundPhoto, PhotoMatch } from "./photo_match.ts";

/**
 * Refuses names that fall on one photo though they cannot be the same path: the closest stays, if
 * it alone is closest.
 */
export function refuseSharing(matches: Map<string, PhotoMatch>): void {
  for (const [photo, group] of namesByPhoto(matches)) {
    if (group.length === 1 || areOnePath(group.map(({ name }) => name))) continue;
    const order = group.toSorted((a, b) => matchDistance(a.match) - matchDistance(b.match));
    const closest = group.filter(({ match }) =>
      matchDistance(match) === matchDistance(order[0].match)
    );
    const stay = areOnePath(closest.map(({ name }) => name)) ? new Set(closest) : new Set();
    for (const one of group) {
      if (stay.has(one)) continue;
      const other = order.find(({ name }) => !areOnePath([name, one.name])) ?? order[0];
      matches.set(one.name, { kind: "shared", photo, other: other.name });
    }
  }
}

interface NamedMatch {
  name: string;
  match: FoundPhoto;
}

/** Names that stand for one photo, by that photo. */
export function namesByPhoto(matches: ReadonlyMap<string, PhotoMatch>): Map<string, NamedMatch[]> {
  const groups = new Map<string, NamedMatch[]>();
  for (const [name, match] of matches) {
    if (match.kind !== "found") continue;
    const group = groups.get(match.photo);
    if (group === undefined) groups.set(match.photo, [{ name, match }]);
    else group.push({ name, match });
  }
  return groups;
}

/** How far a name is from its photo: first by its file name, then by its folders. */
export function matchDistance({ likeness, agreed, moved }: FoundPhoto): number {
  return LIKENESSES.indexOf(likeness) * 2000 - Math.min(agreed, 900) * 2 + Number(moved);
}

/** Whether each name can be the end of the longest one. */
function areOnePath(names: readonly string[]): boolean {
  const paths = names.map((name) => {
    const { folders, file } = partsOf(withoutUrlParts(name));
    const telling = folders.map(folded).filter((folder) => !isPlainFolder(folder));
    const stem = folded(stemOf(file)).replace(/^(\d+)\.0+$/, "$1");
    return { ending: endingOf(file), path: `/${[...telling, stem].join("/")}` };
  });
  const longest = paths.reduce((a, b) => a.path.length >= b.path.length ? a : b).path;
  const endings = new Set(paths.map(({ ending }) => ending).filter((ending) => ending !== ""));
  return endings.size <= 1 && paths.every(({ path }) => longest.endsWith(path));
}
