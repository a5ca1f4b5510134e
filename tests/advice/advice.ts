import type { BASES } from "./bases.ts";
import type { Command, Way } from "./follow.ts";

/** A message that names what to do, and each way that it names. */
export interface Advice {
  /** What the working folder holds before. @default {"photos"} */
  base?: keyof typeof BASES;
  /** What is done to the folder first. */
  given?: () => unknown;
  /** The command that says it. */
  command: Command;
  /** How the line is found in what the command prints. */
  says: RegExp;
  /** What it advises, by a name: each is tried in a folder of its own. */
  ways: Record<string, Way>;
  /** Whether it helped, where an exit with 0 does not tell. */
  proof?: () => boolean | Promise<boolean>;
}
