/** How much less each batch counts than the one after it. */
const DECAY = 0.9;
/** How much the assumption counts beside one measured batch. */
const ASSUMPTION = 0.05;

/**
 * Predicts how long a batch takes from those before it: seconds = fixed + photos × perPhoto, by
 * least squares in which older batches fade.
 */
export class BatchTime {
  #weight = 0;
  #photos = 0;
  #seconds = 0;
  #photosSquared = 0;
  #product = 0;

  /** @param secondsPerPhoto what is assumed before anything was measured */
  constructor(secondsPerPhoto = 0.1) {
    this.#add(ASSUMPTION, 1, secondsPerPhoto);
  }

  /** Takes in a batch that was measured. */
  observe(photos: number, seconds: number): void {
    this.#weight *= DECAY;
    this.#photos *= DECAY;
    this.#seconds *= DECAY;
    this.#photosSquared *= DECAY;
    this.#product *= DECAY;
    this.#add(1, photos, seconds);
  }

  #add(weight: number, photos: number, seconds: number): void {
    this.#weight += weight;
    this.#photos += weight * photos;
    this.#seconds += weight * seconds;
    this.#photosSquared += weight * photos * photos;
    this.#product += weight * photos * seconds;
  }

  /** Seconds for a batch of so many photos; never falls with their number. */
  predict(photos: number): number {
    const meanPhotos = this.#photos / this.#weight;
    const meanSeconds = this.#seconds / this.#weight;
    const variance = this.#photosSquared / this.#weight - meanPhotos ** 2;
    const covariance = this.#product / this.#weight - meanPhotos * meanSeconds;
    const proportional = meanSeconds / meanPhotos;
    // Batches of one size tell nothing of the fixed part: all is taken as the photos'.
    const slope = variance > 1e-6 * meanPhotos ** 2 ? covariance / variance : proportional;
    const perPhoto = Math.min(Math.max(slope, 0), proportional);
    return meanSeconds + perPhoto * (photos - meanPhotos);
  }

  /** The most photos, from 1 to `most`, that are predicted to take no longer than this. */
  most(seconds: number, most: number): number {
    let photos = 1;
    while (photos < most && this.predict(photos + 1) <= seconds) photos++;
    return photos;
  }
}
