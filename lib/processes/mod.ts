/**
 * How processes are started that do not belong to Deno. It imports nothing, as probes do too, which
 * run without a config.
 *
 * @module
 */
export { type ChildEnvironment, childEnvironment, loaderFolders } from "./child_environment.ts";
