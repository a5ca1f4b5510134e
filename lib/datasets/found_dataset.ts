import type { Listener } from "../listener/mod.ts";
import type { PhotoFolder } from "./photo_folder.ts";
import type { RejectedRow, Split } from "./source.ts";

/** A caption as it stands in a source's own files. */
export interface FoundCaption {
  /** Where, such as `captions.txt:12`. */
  row: string;
  /** The photo's name as the source has it. */
  photo: string;
  /** As it was found, without white space around. */
  caption: string;
  /** The source's own split of the photo, where it has one. */
  split?: Split;
}

/** What reading a source's own files gave. */
export interface FoundDataset {
  /** The file or folder that the captions come from, for messages. */
  path: string;
  /** The photos that are on the disk. */
  photos: PhotoFolder;
  /** All that was read, in its order. */
  rows: (FoundCaption | RejectedRow)[];
  /**
   * Fetches the chosen photos and digests them, where the source does not have them on the disk
   * already; `PhotoRefusedError` says why one is not there.
   */
  fetchPhotos?(photos: string[]): Promise<Map<string, string | Error>>;
  /**
   * What photos are used for.
   *
   * @param photos those with captions, in the order of the rows
   * @param own gives the splits that the rows name
   */
  splitPhotos(
    photos: string[],
    say: Required<Listener>["say"],
    own: () => Map<string, Split>,
  ): Map<string, Split>;
  /** Why the source does not want a caption, if so. */
  refuse?(found: FoundCaption): string | undefined;
  /** Digests of the files that were read, besides photos. */
  inputs: unknown;
  /** What the user should know, said when the data set is prepared. */
  notes?: string[];
}

/** A photo that a source could not fetch; its message is the reason in rejected.parquet. */
export class PhotoRefusedError extends Error {}
