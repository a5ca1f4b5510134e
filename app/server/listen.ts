import type { CaptionServer } from "./create_server.ts";

/** Where a server listens. */
export interface ListenOptions {
  /** @default {127.0.0.1} */
  hostname?: string;
  /** 0: any that is free. @default {8000} */
  port?: number;
  /** Seconds that accepted requests may still take once it is stopped. @default {30} */
  drainSeconds?: number;
}

/** A server that listens. */
export interface ListeningServer {
  /** Such as `http://127.0.0.1:8000/`. */
  url: string;
  /** Answers what was accepted, refuses what is new, then closes. */
  stop(): Promise<void>;
}

/**
 * Listens until it is stopped.
 *
 * @throws {Deno.errors.AddrInUse} if the port is taken
 */
export function listen(
  server: CaptionServer,
  { hostname = "127.0.0.1", port = 8000, drainSeconds = 30 }: ListenOptions = {},
): ListeningServer {
  const abort = new AbortController();
  const network = Deno.serve(
    { hostname, port, signal: abort.signal, onListen() {} },
    (request, { remoteAddr }) => server.fetch(request, (remoteAddr as Deno.NetAddr).hostname),
  );
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    server.drain();
    const timer = setTimeout(() => abort.abort(), drainSeconds * 1000);
    await Promise.race([server.idle(), network.finished]);
    // Until here it still listens, so that /readyz says no instead of not answering.
    await Promise.race([network.shutdown(), network.finished]);
    clearTimeout(timer);
  };
  const { hostname: at, port: listening } = network.addr as Deno.NetAddr;
  return {
    url: `http://${at.includes(":") ? `[${at}]` : at}:${listening}/`,
    stop: () => stopping ??= stop(),
  };
}
