/**
 * The page and its JSON API as a server.
 *
 * @module
 */
export { type CaptionServer, createServer } from "./create_server.ts";
export { listen, type ListeningServer, type ListenOptions } from "./listen.ts";
export {
  type ExamplePhoto,
  LOOPBACK_NAMES,
  type PageFile,
  type ServerOptions,
} from "./server_options.ts";
