/**
 * Python's package clients, and the one task that may run them.
 *
 * @module
 */
export { childEnvironment, loaderFolders } from "./child_environment.ts";
export { fetchWheel, type PinnedWheel } from "./fetch_wheel.ts";
export { runPip, runUv, uvPlatform } from "./package_clients.ts";
export { runSetup } from "./run_setup.ts";
export { watchSize } from "./watch_size.ts";
