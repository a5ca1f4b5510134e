/**
 * Where a photo drawn as those of the shapes data set is found, as PNG: another seed, another
 * photo. The page adds a number for "Draw another".
 */
export const DRAWN = "/api/examples/drawn/";
