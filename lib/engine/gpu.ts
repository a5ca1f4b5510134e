/** An NVIDIA GPU of this machine, or signs of one. */
export interface Gpu {
  /** What the driver calls each GPU; empty if only the driver was found. */
  names: string[];
  /** The oldest one's generation, the first number of its compute capability: 8 for Ampere. */
  generation?: number;
  /** The driver's version, or the CUDA version that it supports, for messages. */
  driver?: string;
  /** Why no library can compute on it as things are. */
  problem?: string;
}

/** One line about a GPU, for messages. */
export function describeGpu({ names, driver, problem }: Gpu): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const named = [...counts].map(([name, count]) => count > 1 ? `${count} × ${name}` : name);
  const what = named.length > 0 ? named.join(", ") : "NVIDIA GPU";
  return what + (driver === undefined ? "" : ` (${driver})`) +
    (problem === undefined ? "" : `, but ${problem}`);
}
