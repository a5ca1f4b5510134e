/** One thing that Showtell uses: found or not, and what fixes it. */
export interface Check {
  /** What was looked for. */
  what: string;
  /** `unused`: found, but something else is used. */
  state: "found" | "missing" | "unused";
  /** What was found, or what is wrong. */
  detail: string;
  /** The one command that fixes it. */
  fix?: string;
  /** Whether training needs it. */
  needed: boolean;
}
