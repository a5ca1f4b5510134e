import { z } from "zod";
import {
  type CaptionFrame,
  type CountedFrame,
  findFrames,
  type FoundFrames,
  withoutFrame,
} from "../text/mod.ts";
import type { RejectedRow } from "./dataset_source.ts";
import type { FoundCaption } from "./found_dataset.ts";

const word = z.string().regex(/^(\S.*\S|\S?)$/, "must be a marker, or empty for none");

/** Setting of the markers that captions have already. */
export const markersSetting = z.union([z.enum(["auto", "keep"]), z.array(word).length(2)])
  .optional()
  .describe(
    "markers around captions in the files, which are taken off, as training adds its own: " +
      'by default "auto": those around nearly all captions, such as startseq and endseq; ' +
      '"keep": none; or the two',
  );

/** The markers to take off; absent: found by what nearly all captions have. */
export type MarkersSetting = z.infer<typeof markersSetting>;

/** Rows without the markers around their captions. */
export interface UnframedRows {
  /** In the same order. */
  rows: (FoundCaption | RejectedRow)[];
  /** What was taken off, the outermost first. */
  markers: CountedFrame[];
  /** A sentence on what was taken off, or may have to be. */
  note?: string;
}

/** Takes the markers off the captions of a data set: they would be trained and scored as words. */
export function takeOffMarkers(
  rows: (FoundCaption | RejectedRow)[],
  setting: MarkersSetting = "auto",
): UnframedRows {
  if (setting === "keep") return { rows, markers: [] };
  if (setting !== "auto") return takeOffNamed(rows, { start: setting[0], end: setting[1] });
  const found = findFrames(rows.flatMap((row) => "caption" in row ? [row.caption] : []));
  if (found.frames.length === 0) {
    return found.doubtful === undefined
      ? { rows, markers: [] }
      : { rows, markers: [], note: describeDoubt(found, found.doubtful) };
  }
  const each = found.frames.map((frame) => `${count(frame, found)} ${describe(frame)}`);
  return {
    rows: without(rows, found.frames),
    markers: found.frames,
    note: `${each.join(", then ")}: these markers are taken off, as training adds its own ` +
      "(dataset.markers=keep leaves them)",
  };
}

function takeOffNamed(rows: UnframedRows["rows"], frame: CaptionFrame): UnframedRows {
  const unframed = without(rows, [frame]);
  const changed = unframed.filter((row, i) => row !== rows[i]).length;
  const markers = [frame.start, frame.end].filter((marker) => marker !== "");
  return {
    rows: unframed,
    markers: [{ ...frame, captions: changed }],
    note: `${markers.join(" and ")} ${markers.length === 1 ? "is" : "are"} taken off ` +
      `${changed.toLocaleString("en")} captions, as dataset.markers asks`,
  };
}

function without(rows: UnframedRows["rows"], frames: readonly CaptionFrame[]) {
  return rows.map((row) => {
    if (!("caption" in row)) return row;
    const caption = frames.reduce(withoutFrame, row.caption);
    return caption === row.caption ? row : { ...row, caption };
  });
}

function describeDoubt(found: FoundFrames, doubtful: CountedFrame): string {
  const { start, end, captions } = doubtful;
  const why = captions < found.captions * 0.9
    ? "others do not, so that nothing is taken off"
    : "which may be words, so that they stay";
  return `${count(doubtful, found)} ${describe(doubtful)}, ${why}: if they are markers, set ` +
    `dataset.markers=${JSON.stringify([start, end])}`;
}

function count({ captions }: CountedFrame, found: FoundFrames): string {
  const all = found.captions.toLocaleString("en");
  return captions === found.captions
    ? `All ${all} captions`
    : `${captions.toLocaleString("en")} of ${all} captions`;
}

function describe({ start, end }: CaptionFrame): string {
  return [start === "" ? [] : [`begin with ${start}`], end === "" ? [] : [`end with ${end}`]]
    .flat().join(" and ");
}
