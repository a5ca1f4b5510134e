/**
 * The typed config of an experiment: schema, file, overrides.
 *
 * @module
 */
export { type Config, configSchema } from "./config.ts";
export { ConfigError } from "./config_error.ts";
export { DEFAULT_CONFIG } from "./config_file.ts";
export { configKeys, describeConfig } from "./describe_config.ts";
export { keysMeant } from "./keys_meant.ts";
export { type Difference, differences } from "./differences.ts";
export {
  type ConfigEncoder,
  encoderSettings,
  type NetworkEncoder,
  networkOf,
} from "./encoder_settings.ts";
export { type ConfigOrigin, loadConfig, parseConfig } from "./load_config.ts";
export { resolvePaths } from "./resolve_paths.ts";
