/**
 * Features with their grids averaged: of each photo one number a channel.
 *
 * @param features [photos, ...featureShape]
 * @param featureShape `[width]`, or a grid such as `[7, 7, 1280]`
 * @returns [photos, width]
 */
export function meanFeatures(
  features: Float32Array,
  featureShape: readonly number[],
): Float32Array {
  const width = featureShape.at(-1)!;
  const regions = featureShape.slice(0, -1).reduce((product, length) => product * length, 1);
  if (regions === 1) return features;
  const photos = features.length / (regions * width);
  const means = new Float32Array(photos * width);
  for (let photo = 0; photo < photos; photo++) {
    for (let region = 0; region < regions; region++) {
      const from = (photo * regions + region) * width;
      for (let i = 0; i < width; i++) means[photo * width + i] += features[from + i] / regions;
    }
  }
  return means;
}
