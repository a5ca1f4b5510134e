/**
 * How long work tells of itself, and how it is ended.
 *
 * @module
 */
export type { Listener } from "./listener.ts";
