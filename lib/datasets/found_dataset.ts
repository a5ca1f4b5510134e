import type { Listener } from "../progress/mod.ts";
import type { PhotoFolder } from "./photo_folder.ts";
import type { RejectedRow, Split } from "./dataset_source.ts";

/** A caption as it stands in a source's own files. */
export interface FoundCaption {
  /** Where, such as `captions.txt:12`. */
  row: string;
  /** The photo's name as the source has it. */
  photo: string;
  /** As it was found; a list of captions written as a text is taken for these. */
  caption: string;
  /** The source's own split of the photo, if it has one. */
  split?: Split;
}

/** Contents of a source's own files. */
export interface FoundDataset {
  /** The file or folder that the captions come from, for messages. */
  path: string;
  /** The column that names photos, for messages, if dataset.columns.photo can name another. */
  nameColumn?: string;
  /** The photos on the disk. */
  photos: PhotoFolder;
  /** Every row that was read, in order. */
  rows: (FoundCaption | RejectedRow)[];
  /**
   * Fetches the chosen photos and returns their digests, if the source does not have them on the disk;
   * `PhotoRefusedError` says why one could not be fetched.
   */
  fetchPhotos?(photos: string[]): Promise<Map<string, string | Error>>;
  /**
   * Assigns photos to splits.
   *
   * @param photos those with captions, in the order of the rows
   * @param own returns the splits in the rows
   */
  splitPhotos(
    photos: string[],
    say: Required<Listener>["say"],
    own: () => Map<string, Split>,
  ): Map<string, Split>;
  /** Why the source rejects a caption, if it does. */
  refuse?(found: FoundCaption): string | undefined;
  /** Digests of the files that were read, without photos. */
  inputs: unknown;
  /** Notes for the user, said when the data set is prepared. */
  notes?: string[];
}

/** A photo that a source could not fetch; its message is the reason in rejected.parquet. */
export class PhotoRefusedError extends Error {}
