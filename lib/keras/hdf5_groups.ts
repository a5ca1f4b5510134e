/** The part of an open HDF5 file's interface that finds Keras' arrays. */
export interface Hdf5Groups {
  /** Names of a group's members; none if the group does not exist. */
  keys(group: string): string[];
  /** Whether a group or an array exists at this path. */
  has(path: string): boolean;
  /** An attribute of a group or an array, undefined if it has none. */
  attribute(path: string, name: string): string | number | string[] | number[] | undefined;
  /** Shape of an array, undefined if no array has this path. */
  shape(path: string): number[] | undefined;
}

/** A list of texts in an attribute; lists over 64 kB are spread over attributes numbered 0, 1, … */
export function textList(file: Hdf5Groups, path: string, name: string): string[] | undefined {
  const whole = file.attribute(path, name);
  if (whole !== undefined) return [whole].flat().map(String);
  const pieces: string[] = [];
  for (let i = 0;; i++) {
    const piece = file.attribute(path, `${name}${i}`);
    if (piece === undefined) return i === 0 ? undefined : pieces;
    pieces.push(...[piece].flat().map(String));
  }
}
