/**
 * Configs trained with several seeds, and the table of their scores.
 *
 * @module
 */
export { readSeeds, seedConfig } from "./seed_config.ts";
export { type MeanAndSpread, type SeedResult, summarize, type Summary } from "./summarize.ts";
export { readEnsembles, type ResultsEnsemble } from "./read_ensembles.ts";
export {
  type ComparedSummary,
  differencesTable,
  differenceText,
  resultsTable,
} from "./results_table.ts";
