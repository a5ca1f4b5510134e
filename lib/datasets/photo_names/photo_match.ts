import type { Likeness } from "./photo_tree.ts";

/** What a name stands for. */
export type PhotoMatch =
  | FoundPhoto
  /** No photo has such a file name. */
  | { kind: "none" }
  /** Photos of that file name are only in other folders than the name says. */
  | { kind: "elsewhere"; photos: string[] }
  /** Each of several photos could be meant. */
  | { kind: "several"; photos: string[] }
  /** The photo is also that of another name, which contradicts this one. */
  | { kind: "shared"; photo: string; other: string };

/** A photo that a name stands for. */
export interface FoundPhoto {
  /** Tells it from the other matches. */
  kind: "found";
  /** Its path in the data set. */
  photo: string;
  /** How its file name is like the name's. */
  likeness: Likeness;
  /** Whether the name is in a folder that the photo's path does not confirm. */
  moved: boolean;
  /** How many of their folders agree. */
  agreed: number;
}
