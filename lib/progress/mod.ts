/**
 * How long operations report to their callers, and how they are ended.
 *
 * @module
 */
export type { Listener } from "./listener.ts";
export { TimeLeft } from "./time_left.ts";
