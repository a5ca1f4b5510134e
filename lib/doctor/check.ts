/** One thing that Showtell uses: found or not, and what fixes it. */
export interface Check {
  /** What was looked for. */
  what: string;
  /**
   * `unused`: found, but something else is used. `not yet`: made or downloaded when it is first
   * needed, so that nothing has to be done.
   */
  state: "found" | "missing" | "unused" | "not yet";
  /** What was found, or what is wrong. */
  detail: string;
  /** The one command that fixes it, or what to do. */
  fix?: string;
  /** Whether training needs it. */
  needed: boolean;
}
