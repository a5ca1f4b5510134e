import { readCaptionsFile } from "../datasets/mod.ts";
import { withoutMarkers } from "../metrics/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { type CaptionFrame, findFrames, withoutFrame } from "../text/mod.ts";

/** Words that no caption says, left out of all files unless told otherwise. */
export const usualMarkers: readonly string[] = [
  "<start>",
  "<end>",
  "<unknown>",
  "<padding>",
  "startseq",
  "endseq",
];

/** The files of `deno task score`. */
export interface ScoredFiles {
  /** A caption of each photo. */
  candidates: string;
  /** What people wrote. */
  references: string;
  /** Another caption of each photo. */
  compare?: string;
  /** Words left out, with commas between. @default {the usual ones, and those around nearly all captions} */
  markers?: string;
}

/** What is in them, by photo. */
export interface ScoredCaptions {
  /** One caption each. */
  candidates: Map<string, string[]>;
  /** What people wrote. */
  references: Map<string, string[]>;
  /** One caption each, of other candidates. */
  compared?: Map<string, string[]>;
  /** Takes markers off a caption. */
  plain: (caption: string) => string;
}

/**
 * The captions of files, of the same photos.
 *
 * @throws {Error} if a file cannot be read
 * @throws {RangeError} naming the ids that one file has and another lacks
 * @throws {SyntaxError} naming the file, if it is not of a layout of {@linkcode readCaptionsFile}
 */
export async function readScoredCaptions(
  { candidates: candidatesFile, references: referencesFile, compare, markers }: ScoredFiles,
  say: Required<Listener>["say"],
): Promise<ScoredCaptions> {
  const { captions: candidates } = await readCaptionsFile(candidatesFile, "one", say);
  const known = new Set(candidates.keys());
  const { captions: references, isAnnotations } = await readCaptionsFile(
    referencesFile,
    "several",
    say,
    known,
  );
  if (isAnnotations) leaveOut(references, candidates, referencesFile, say);
  checkIds(candidates, candidatesFile, references, referencesFile);
  const compared = compare === undefined
    ? undefined
    : (await readCaptionsFile(compare, "one", say)).captions;
  if (compared !== undefined) checkIds(candidates, candidatesFile, compared, compare!);
  const files: [string, ReadonlyMap<string, string[]>][] = [
    [candidatesFile, candidates],
    [referencesFile, references],
    ...compared === undefined ? [] : [[compare!, compared] as [string, typeof compared]],
  ];
  const plain = markers === undefined
    ? plainCaptions(files, say)
    : (caption: string) => withoutMarkers(caption, markers.split(","));
  return { candidates, references, compared, plain };
}

/**
 * What takes markers off a caption: the usual ones, and those around nearly all captions of a file.
 * It is the same for both files, as a marker on one side alone would count as a wrong word.
 */
function plainCaptions(
  files: [file: string, captions: ReadonlyMap<string, string[]>][],
  say: Required<Listener>["say"],
): (caption: string) => string {
  const usual = (caption: string) => withoutMarkers(caption, usualMarkers);
  const frames: CaptionFrame[] = [];
  for (const [file, captions] of files) {
    const found = findFrames([...captions.values()].flat().map(usual));
    for (const { captions, ...frame } of found.frames) {
      frames.push(frame);
      say(
        `${captions} of ${found.captions} captions in ${file} have ${describe(frame)} around ` +
          "them: left out on both sides (--markers= keeps them)",
      );
    }
    const { doubtful } = found;
    if (doubtful !== undefined && doubtful.captions < found.captions) {
      say(
        `${doubtful.captions} of ${found.captions} captions in ${file} have ` +
          `${describe(doubtful)} around them, which count as words: --markers=` +
          `${doubtful.start},${doubtful.end} leaves them out`,
      );
    }
  }
  return (caption) => frames.reduce(withoutFrame, usual(caption));
}

function describe({ start, end }: CaptionFrame): string {
  return [start, end].filter((marker) => marker !== "").join(" and ");
}

/** COCO scores the photos that have a result: its annotations are of many more. */
function leaveOut(
  references: Map<string, string[]>,
  candidates: ReadonlyMap<string, unknown>,
  file: string,
  say: Required<Listener>["say"],
): void {
  const others = [...references.keys()].filter((id) => !candidates.has(id));
  // Where no id is known, the files are not of the same photos: that is told as such.
  if (others.length === 0 || others.length === references.size) return;
  say(
    `${others.length} of ${references.size} photos in ${file} have no candidate and are left out, ` +
      "as in COCO's own evaluation",
  );
  for (const id of others) references.delete(id);
}

function checkIds(
  candidates: ReadonlyMap<string, unknown>,
  candidatesFile: string,
  references: ReadonlyMap<string, unknown>,
  referencesFile: string,
): void {
  const lacks = (
    [ids, file]: [ReadonlyMap<string, unknown>, string],
    [others, otherFile]: [ReadonlyMap<string, unknown>, string],
  ) => {
    const missing = [...ids.keys()].filter((id) => !others.has(id));
    if (missing.length === 0) return;
    const some = missing.slice(0, 3).map((id) => `"${id}"`).join(", ");
    throw new RangeError(
      `${missing.length} of ${ids.size} ids in ${file} are not in ${otherFile}, such as ${some}; ` +
        "both files must have the same ids",
    );
  };
  lacks([candidates, candidatesFile], [references, referencesFile]);
  lacks([references, referencesFile], [candidates, candidatesFile]);
  if (candidates.size === 0) throw new RangeError(`${candidatesFile} has no captions`);
}
