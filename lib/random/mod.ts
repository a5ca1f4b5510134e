/**
 * Random numbers drawn by a path of names, the same on every run.
 *
 * @module
 */
export { Random } from "./random.ts";
