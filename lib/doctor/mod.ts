/**
 * Checks what Showtell uses on this machine: what is found, what is missing, and which command fixes
 * it.
 *
 * @module
 */
export { arithmeticCheck } from "./arithmetic_check.ts";
export type { Check } from "./check.ts";
export { engineChecks } from "./engine_checks.ts";
export { type CheckGroup, examine } from "./examine.ts";
