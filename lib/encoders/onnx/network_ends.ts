import { nearName, wordList } from "../../text/mod.ts";
import type { OnnxSession } from "./onnxruntime.ts";

/** Photos that go through a network at once, where it takes any number. */
const AT_ONCE = 8;

/** Where a network takes photos. */
export interface OnnxInput {
  name: string;
  /** Photos that it takes at once. */
  photos: number;
  /** Whether it takes [photos, height, width, 3], not [photos, 3, height, width]. */
  channelsLast: boolean;
  /** The shape of so many photos of this size. */
  dims(photos: number, size: number): number[];
}

/** @throws {RangeError} if the network takes something else than photos of this size */
export function inputOf(session: OnnxSession, imageSize: number, path: string): OnnxInput {
  const { inputNames, inputMetadata } = session;
  if (inputNames.length !== 1) {
    throw new RangeError(
      `${path} takes ${
        wordList([...inputNames], "and")
      }, not a photo alone: export the network's ` +
        "vision part by itself",
    );
  }
  const [name] = inputNames;
  const { type, shape = [] } = inputMetadata[0];
  const [photos, ...sides] = shape;
  const channelsLast = sides.at(-1) === 3 && sides[0] !== 3;
  if (type !== "float32" || sides.length !== 3 || !channelsLast && !isOrAny(sides[0], 3)) {
    throw new RangeError(
      `Input "${name}" of ${path} is ${type} [${
        shape.join(", ")
      }], not float32 photos of 3 channels: ` +
        "export the network in float32, with pixels as its input",
    );
  }
  const [height, width] = channelsLast ? sides : sides.slice(1);
  if (!isOrAny(height, imageSize) || !isOrAny(width, imageSize)) {
    throw new RangeError(
      `${path} takes photos of ${height} × ${width} pixels, not encoder.imageSize ${imageSize}: ` +
        `set it to ${height}`,
    );
  }
  return {
    name,
    photos: typeof photos === "number" && photos > 0 ? photos : AT_ONCE,
    channelsLast,
    dims: (photos, size) => channelsLast ? [photos, size, size, 3] : [photos, 3, size, size],
  };
}

/**
 * The name of the output that is the feature.
 *
 * @throws {RangeError} if there is no such output, or none is named among several
 */
export function outputOf(
  { outputNames }: Pick<OnnxSession, "outputNames">,
  layer: string,
  path: string,
): string {
  if (outputNames.includes(layer)) return layer;
  const names = wordList([...outputNames], "and");
  if (layer !== "auto") {
    const near = nearName(layer, outputNames);
    throw new RangeError(
      `${path} has no output "${layer}"` + (near === undefined ? "" : `; did you mean "${near}"?`) +
        ` It has ${names}: set encoder.layer to one of them`,
    );
  }
  if (outputNames.length === 1) return outputNames[0];
  throw new RangeError(`${path} has the outputs ${names}: name the feature by encoder.layer`);
}

/** A side that the network leaves open is a text, or below 1. */
function isOrAny(side: number | string | undefined, size: number): boolean {
  return typeof side !== "number" || side < 1 || side === size;
}
