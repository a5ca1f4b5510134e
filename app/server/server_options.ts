import type { CaptionEngine } from "../engine/caption_engine.ts";
import type { Example } from "../api/schemas.ts";
import type { FetchOptions, PhotoLimits } from "../photos/mod.ts";
import type { QueueLimits } from "../queue/mod.ts";

/** A file of the page. */
export interface PageFile {
  body: Uint8Array<ArrayBuffer> | string;
  /** Such as `text/html; charset=utf-8`. */
  type: string;
}

/** A photo that comes with the page. */
export interface ExamplePhoto extends Omit<Example, "url"> {
  bytes: Uint8Array<ArrayBuffer>;
  /** Such as `image/jpeg`. */
  type: string;
}

/** Inputs of a server. */
export interface ServerOptions {
  engine: CaptionEngine;
  /** The page's files by their paths, such as `/` and `/page.js`. @default {none} */
  page?: ReadonlyMap<string, PageFile>;
  /** Photos in the public domain. @default {none} */
  examples?: readonly ExamplePhoto[];
  /** Those that differ from the usual limits. @default {none} */
  limits?: Partial<PhotoLimits & QueueLimits>;
  /** Whether photos may be given by web address, and how they are fetched. @default {false} */
  urls?: FetchOptions | false;
  /**
   * Names by which the server may be asked for, without ports. It keeps a web page
   * whose name suddenly leads to this machine (DNS rebinding) from using the server.
   *
   * @default {those of this machine: localhost, 127.0.0.1, [::1]}
   */
  hosts?: readonly string[];
  /** Whether any name will do, for a server that is reached from other machines. @default {false} */
  anyHost?: boolean;
  /**
   * Whether the client's address is the last of X-Forwarded-For: only behind a proxy that sets it.
   *
   * @default {false}
   */
  trustForwarded?: boolean;
  /** Told of faults within the server. @default {console.error} */
  onFault?: (error: unknown) => void;
}

/** Names of this machine. */
export const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];
