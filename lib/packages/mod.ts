/**
 * Python's package clients, and the one task that may run them.
 *
 * @module
 */
export { fetchWheel, type FetchWheelOptions, type PinnedWheel } from "./fetch_wheel.ts";
export { type ClientOptions, runPip, runUv, uvPlatform } from "./package_clients.ts";
export { runSetup, type SetupRun } from "./run_setup.ts";
export { watchSize } from "./watch_size.ts";
