/**
 * Modules and all that they import as one script for browsers.
 *
 * @module
 */
export { bundleModule } from "./bundle_module.ts";
export type { BundleOptions } from "./bundle_module.ts";
