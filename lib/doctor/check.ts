/** One thing that Showtell uses: found or not, and what fixes it. */
export interface Check {
  /** What was looked for. */
  what: string;
  /** `unused`: there, but something else is taken. */
  state: "found" | "missing" | "unused";
  /** What was found, or what is wrong. */
  detail: string;
  /** The one command that puts it right. */
  fix?: string;
  /** Whether training cannot run without it. */
  needed: boolean;
}
