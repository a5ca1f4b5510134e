/** Where photos' features are read from. */
export interface FeatureSource {
  /** Shape of one feature. */
  readonly featureShape: readonly number[];
  /** Features of photos [photos, ...featureShape], in the order of their digests. */
  gather(digests: string[]): Float32Array;
}

/** Captions as word indices, markers included, each with its photo. */
export interface CaptionSet {
  /** Word indices, from the start marker to the end marker. */
  captions: Int32Array[];
  /** The digest of each caption's photo. */
  photos: string[];
  /** Features by digest. */
  features: FeatureSource;
  /**
   * Photos seen anew, changed at random: their features take the place of those in `features`. Absent:
   * photos are always seen as they are.
   *
   * @param path what they are drawn by, beside the photo
   * @param next photos that are asked for afterwards
   */
  augmented?: (
    photos: readonly string[],
    path: readonly (string | number)[],
    next: readonly string[],
  ) => Promise<FeatureSource>;
  /** What `features` has the feature of a photo's mirror image under; undefined where it has none. */
  flipped?: (digest: string) => string;
}
