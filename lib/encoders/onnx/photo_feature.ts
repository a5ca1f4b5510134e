/** Tokens that a network may put before those of the patches: a class token and four registers. */
const MOST_EXTRA = 5;

/** What becomes of one photo's output. */
export interface FeatureLayout {
  /** Shape of the feature. */
  shape: number[];
  /** Copies a photo's numbers to its feature. */
  copy(output: Float32Array, feature: Float32Array): void;
}

/**
 * How the feature is taken from an output: [n] a vector; [tokens, n] one per patch of a square grid,
 * after those of the class and the registers; [n, height, width] a grid of channels.
 *
 * @param sides shape of one photo's output
 * @throws {RangeError} if the output has no such feature
 */
export function featureLayout(
  sides: readonly number[],
  take: "vector" | "grid",
  output: string,
): FeatureLayout {
  if (sides.length === 1) {
    if (take === "vector") return { shape: [...sides], copy: (from, to) => to.set(from) };
    throw new RangeError(
      `Output "${output}" has one vector a photo, not a grid: set encoder.layer to an output with a ` +
        "vector per patch, such as last_hidden_state, or encoder.take to vector",
    );
  }
  if (sides.length === 2) return tokensLayout(sides[0], sides[1], take, output);
  if (sides.length === 3) return channelsLayout(sides, take);
  throw new RangeError(
    `Output "${output}" has the shape [${
      sides.join(", ")
    }] a photo, which is neither a vector nor a ` +
      "grid: set encoder.layer to another output",
  );
}

function tokensLayout(
  tokens: number,
  width: number,
  take: "vector" | "grid",
  output: string,
): FeatureLayout {
  const side = Math.floor(Math.sqrt(tokens));
  const extra = tokens - side ** 2;
  if (take === "grid") {
    if (extra > MOST_EXTRA) {
      throw new RangeError(
        `Output "${output}" has ${tokens} tokens a photo, which are no square grid of patches: set ` +
          "encoder.take to vector, or encoder.layer to another output",
      );
    }
    const shape = [side, side, width];
    return { shape, copy: (from, to) => to.set(from.subarray(extra * width)) };
  }
  // An output of one token, or of a class token before the patches.
  if (extra > 0 && extra <= MOST_EXTRA || tokens === 1) {
    return { shape: [width], copy: (from, to) => to.set(from.subarray(0, width)) };
  }
  return { shape: [width], copy: (from, to) => average(from, to, tokens, width, 1) };
}

function channelsLayout(
  [channels, height, width]: readonly number[],
  take: "vector" | "grid",
): FeatureLayout {
  const cells = height * width;
  if (take === "vector") {
    return { shape: [channels], copy: (from, to) => average(from, to, cells, 1, cells) };
  }
  return {
    shape: [height, width, channels],
    copy: (from, to) => {
      for (let channel = 0; channel < channels; channel++) {
        for (let i = 0; i < cells; i++) to[i * channels + channel] = from[channel * cells + i];
      }
    },
  };
}

/** Means over `count` numbers that are `step` apart; `between` lie from one mean's to the next's. */
function average(
  from: Float32Array,
  to: Float32Array,
  count: number,
  step: number,
  between: number,
): void {
  for (let i = 0; i < to.length; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += from[i * between + j * step];
    to[i] = sum / count;
  }
}
