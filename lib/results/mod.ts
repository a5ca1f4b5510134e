/**
 * Configs trained with several seeds, and the table of their scores.
 *
 * @module
 */
export { readSeeds, seedConfig } from "./seed_config.ts";
export { type MeanAndSpread, type SeedResult, summarize, type Summary } from "./summarize.ts";
export { resultsTable } from "./results_table.ts";
