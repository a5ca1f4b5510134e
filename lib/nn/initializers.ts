import { Random } from "../random/mod.ts";

/** Keras' glorot_uniform (Glorot and Bengio, 2010) for a matrix [inputs, outputs]. */
export function glorotUniform(shape: number[], random: Random): Float32Array {
  const [inputs, outputs] = shape;
  const limit = Math.sqrt(6 / (inputs + outputs));
  return fill(shape, () => (2 * random.uniform() - 1) * limit);
}

/** Keras' initializer of embeddings: uniform in [-0.05, 0.05). */
export function embeddingUniform(shape: number[], random: Random): Float32Array {
  return fill(shape, () => (2 * random.uniform() - 1) * 0.05);
}

/** Zeros; the forget gate's part of an LSTM's bias [4 units] is one (Jozefowicz et al., 2015). */
export function lstmBias(units: number): Float32Array {
  return new Float32Array(4 * units).fill(1, units, 2 * units);
}

/**
 * Orthonormal rows (Saxe et al., 2014) for a matrix [rows, columns] with
 * columns ≥ rows, by modified Gram–Schmidt in double precision.
 */
export function orthogonal(shape: number[], random: Random): Float32Array {
  const [rows, columns] = shape;
  const basis: Float64Array[] = [];
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from({ length: columns }, () => random.normal());
    for (const other of basis) {
      let dot = 0;
      for (let k = 0; k < columns; k++) dot += row[k] * other[k];
      for (let k = 0; k < columns; k++) row[k] -= dot * other[k];
    }
    const norm = Math.hypot(...row);
    basis.push(row.map((x) => x / norm));
  }
  const matrix = new Float32Array(rows * columns);
  basis.forEach((row, i) => matrix.set(row, i * columns));
  return matrix;
}

function fill(shape: number[], draw: () => number): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(size);
  for (let i = 0; i < size; i++) data[i] = draw();
  return data;
}
