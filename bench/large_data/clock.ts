import process from "node:process";

/** The time that work took, in seconds. */
export interface Cost {
  /** Wall-clock time. */
  wall: number;
  /** Processor time of all threads: other load on the machine hardly changes it. */
  cpu: number;
}

/** Starts measuring; the returned function gives the time used since. */
export function startClock(): () => Cost {
  const began = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
  };
}

/** Both together. */
export function sum(a: Cost | undefined, b: Cost): Cost {
  return { wall: (a?.wall ?? 0) + b.wall, cpu: (a?.cpu ?? 0) + b.cpu };
}

/** The median of each, by name. */
export function medianCosts(runs: readonly Record<string, Cost>[]): Record<string, Cost> {
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
  return Object.fromEntries(
    Object.keys(runs[0] ?? {}).map((stage) => [stage, {
      wall: median(runs.map((run) => run[stage].wall)),
      cpu: median(runs.map((run) => run[stage].cpu)),
    }]),
  );
}
