import {
  BRACKETED,
  isBracketed,
  isPadding,
  isSquare,
  likelyMarker,
  type Side,
} from "./likely_marker.ts";

/** What stands at both ends of captions instead of words; "" at an end that has nothing. */
export interface CaptionFrame {
  /** Before the first word. */
  start: string;
  /** After the last word. */
  end: string;
}

/** A frame, and how many captions have it. */
export interface CountedFrame extends CaptionFrame {
  /** Captions that begin and end with it. */
  captions: number;
}

/** Result of {@linkcode findFrames}. */
export interface FoundFrames {
  /** Captions that are not empty. */
  captions: number;
  /** Frames of nearly all captions, the outermost first. */
  frames: CountedFrame[];
  /** What looks like a frame, but is one of some captions only, or may be of ordinary words. */
  doubtful?: CountedFrame;
}

/** The share of captions that a frame of a data set has: an export may lose a marker here or there. */
const NEARLY_ALL = 0.9;
/** `<s> <start> a dog <end> </s>` is a frame in a frame. */
const MOST_FRAMES = 3;
/** A share of captions with markers that is not an accident. */
const SOME = 0.01;
/** Fewer captions may begin and end with the same words by accident. */
const ENOUGH = 20;

/**
 * Finds the markers that stand around the captions of a data set already: `startseq … endseq`,
 * `<start> … <end>`, `[CLS] … [SEP]`.
 *
 * What nearly all captions begin (and end) with is a marker, if it is named like one (start, begin,
 * bos, end, stop, eos, alone or in `seqstart` or `<start>`). An ordinary word such as `start`, a
 * letter repeated (`ssss`), or any other name between signs (`<d>`, `{x}`, `__x__`) needs its
 * counterpart at the other end. Names in square brackets, such as `[Music]`, are text even then. "a …
 * ." is no frame: neither is named like a marker, nor framed by signs. Padding (`<pad>`) is taken off
 * however often it stands at an end.
 *
 * ```ts
 * import { findFrames } from "./caption_frame.ts";
 *
 * findFrames(["startseq a dog endseq", "startseq two cats endseq"]).frames;
 * // [{ start: "startseq", end: "endseq", captions: 2 }]
 * ```
 */
export function findFrames(captions: Iterable<string>): FoundFrames {
  let rest = Array.from(captions, (caption) => caption.trim()).filter((caption) => caption !== "");
  const found: FoundFrames = { captions: rest.length, frames: paddingOf(rest) };
  const padding = found.frames.length;
  rest = rest.map((caption) => found.frames.reduce(withoutFrame, caption)).filter(Boolean);
  while (rest.length > 0 && found.frames.length < padding + MOST_FRAMES) {
    const ends = countEnds(rest);
    const { frame, doubtful } = judge(ends, rest);
    if (frame === undefined) {
      if (found.frames.length === 0 && doubtful !== undefined) found.doubtful = doubtful;
      return found;
    }
    found.frames.push({ ...frame, captions: rest.filter((one) => hasFrame(one, frame)).length });
    rest = rest.map((caption) => withoutFrame(caption, frame)).filter((caption) => caption !== "");
  }
  return found;
}

/** A caption without a frame; of one that has but one of both markers, without that one. */
export function withoutFrame(caption: string, { start, end }: CaptionFrame): string {
  let rest = caption.trim();
  let before: string;
  do {
    before = rest;
    if (start !== "" && beginsWith(rest, start)) rest = rest.slice(start.length).trimStart();
    if (end !== "" && endsWith(rest, end)) rest = rest.slice(0, -end.length).trimEnd();
  } while (rest !== before && isPadding(start || end)); // it stands there several times
  return rest;
}

/** What fills up short captions, as a frame for each end that has it. */
function paddingOf(captions: readonly string[]): CountedFrame[] {
  const { first, last } = countEnds(captions);
  const pieces = (counts: ReadonlyMap<string, number>) =>
    [...counts].filter(([piece, count]) => isPadding(piece) && count >= SOME * captions.length);
  return [
    ...pieces(first).map(([start, captions]) => ({ start, end: "", captions })),
    ...pieces(last).map(([end, captions]) => ({ start: "", end, captions })),
  ];
}

function hasFrame(caption: string, { start, end }: CaptionFrame): boolean {
  return (start === "" || beginsWith(caption, start)) && (end === "" || endsWith(caption, end));
}

/** Words end with white space, markers in brackets wherever they end: `<start>a dog<end>`. */
function beginsWith(caption: string, marker: string): boolean {
  return caption.startsWith(marker) &&
    (isBracketed(marker) || /^(?:\s|$)/.test(caption.slice(marker.length)));
}

function endsWith(caption: string, marker: string): boolean {
  return caption.endsWith(marker) &&
    (isBracketed(marker) || /(?:\s|^)$/.test(caption.slice(0, -marker.length)));
}

const FIRST = new RegExp(String.raw`^(?:${BRACKETED}|\S+)`);
const LAST = new RegExp(`(?:${BRACKETED})$`);

interface Ends {
  /** How many captions begin with each piece. */
  first: Map<string, number>;
  /** How many end with it. */
  last: Map<string, number>;
}

function countEnds(captions: readonly string[]): Ends {
  const first = new Map<string, number>(), last = new Map<string, number>();
  for (const caption of captions) {
    const begins = FIRST.exec(caption)![0];
    first.set(begins, (first.get(begins) ?? 0) + 1);
    const rest = caption.slice(begins.length).trimStart();
    const ends = lastPiece(rest);
    if (ends !== undefined) last.set(ends, (last.get(ends) ?? 0) + 1);
  }
  return { first, last };
}

/** Of `a dog.<end>` it is `<end>`, of `a dog` the whole word. */
function lastPiece(text: string): string | undefined {
  const bracketed = /[>\]}]$/.test(text) ? LAST.exec(text.slice(-50)) : null;
  return (bracketed ?? /\S+$/.exec(text))?.[0];
}

function judge(
  { first, last }: Ends,
  captions: readonly string[],
): { frame?: CaptionFrame; doubtful?: CountedFrame } {
  const [start, end] = [mostFrequent(first), mostFrequent(last)];
  const nearlyAll = (count: number) => count >= NEARLY_ALL * captions.length;
  const kinds = {
    start: nearlyAll(start.count) ? likelyMarker(start.piece, "start") : "none",
    end: nearlyAll(end.count) ? likelyMarker(end.piece, "end") : "none",
  };
  const isPair = kinds.start !== "none" && kinds.end !== "none" &&
    (kinds.start === "marker" || !isSquare(end.piece)) &&
    (kinds.end === "marker" || !isSquare(start.piece));
  const frame = {
    start: isPair || kinds.start === "marker" ? start.piece : "",
    end: isPair || kinds.end === "marker" ? end.piece : "",
  };
  if (frame.start !== "" || frame.end !== "") return { frame };
  const doubtful = nearlyAll(start.count) && nearlyAll(end.count)
    ? { start: start.piece, end: end.piece }
    : kinds.start === "tag"
    ? { start: start.piece, end: "" }
    : kinds.end === "tag"
    ? { start: "", end: end.piece }
    : { start: markerAmong(first, "start"), end: markerAmong(last, "end") };
  if (doubtful.start === "" && doubtful.end === "") return {}; // nothing looks like a marker
  const count = captions.filter((caption) => hasFrame(caption, doubtful)).length;
  const isDoubtful = nearlyAll(count)
    ? captions.length >= ENOUGH && areNeverInside(doubtful, captions)
    : doubtful.start !== "" && doubtful.end !== "" && count >= SOME * captions.length;
  return isDoubtful && count > 0 ? { doubtful: { ...doubtful, captions: count } } : {};
}

function mostFrequent(counts: ReadonlyMap<string, number>): { piece: string; count: number } {
  let best = { piece: "", count: 0 };
  for (const [piece, count] of counts) if (count > best.count) best = { piece, count };
  return best;
}

/** The most frequent piece that looks like a marker; what may also be a word, where there is none. */
function markerAmong(counts: ReadonlyMap<string, number>, side: Side): string {
  for (const kind of ["marker", "tag", "word"]) {
    const { piece } = mostFrequent(
      new Map([...counts].filter(([piece]) => likelyMarker(piece, side) === kind)),
    );
    if (piece !== "") return piece;
  }
  return "";
}

function areNeverInside({ start, end }: CaptionFrame, captions: readonly string[]): boolean {
  const words = [start, end].filter((word) => word !== "");
  if (!words.every((word) => /\p{L}/u.test(word))) return false; // a full stop is at ends alone
  return captions.every((caption) => {
    const inside = withoutFrame(caption, { start, end }).split(/\s+/);
    return !words.some((word) => inside.includes(word));
  });
}
