/**
 * What Showtell uses on this machine: what is found, what is not, and the command that fixes each.
 *
 * @module
 */
export type { Check } from "./check.ts";
export { engineChecks } from "./engine_checks.ts";
export { examine } from "./examine.ts";
