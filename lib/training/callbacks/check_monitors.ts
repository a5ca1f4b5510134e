/** What a callback watches of an epoch's figures, and what it adds to them. */
export interface Watching {
  /** The callback, or its part of the settings. */
  name: string;
  /** The figure that it watches. */
  monitor?: string;
  /** The figures that it adds, before it looks; undefined: it may add any. */
  reports?: readonly string[];
}

/**
 * Checks before the first step that each monitored figure will be reported: by the training itself,
 * or by a callback that is called before.
 *
 * @param watching in the order in which they are called
 * @param own figures of the training itself: `loss` and, with dev photos, `val_loss`
 * @throws {RangeError} naming the figures that are reported
 */
export function checkMonitors(watching: readonly Watching[], own: readonly string[]): void {
  const reported = new Set(own);
  for (const { name, monitor, reports } of watching) {
    if (reports === undefined) return;
    for (const figure of reports) reported.add(figure);
    if (monitor === undefined || reported.has(monitor)) continue;
    throw new RangeError(
      `training.${name}.monitor is "${monitor}", which no epoch reports: set it to one of ` +
        [...reported].join(", "),
    );
  }
}
