import { createHash } from "node:crypto";
import { Random } from "../../../lib/random/mod.ts";

/** What a server does to a request. */
export type Fault = "drop" | "refuse" | "refuse with Retry-After" | "truncate" | "stall" | "alter";

/** Shares of requests that meet a fault. */
export const badShares: [Fault, number][] = [
  ["drop", 0.1],
  ["refuse", 0.07],
  ["refuse with Retry-After", 0.03],
  ["truncate", 0.05],
  ["stall", 0.02],
  ["alter", 0.02],
];

/** Photos by `PARTITION/ID`, and how they are served. */
export interface ServedPhotos {
  photos: Map<string, Uint8Array>;
  /** What happens to the n-th request (from 0 on) for a photo; default nothing. */
  fault?: (name: string, count: number) => Fault | undefined;
  /** Milliseconds before each answer. */
  latency?: number;
  /** Leave the ETag out. */
  untagged?: boolean;
}

/** A server of photos on 127.0.0.1, and what was asked of it. */
export interface PhotoServer extends AsyncDisposable {
  endpoint: string;
  /** Its host, as a setting that allows this machine's names it. */
  hosts: string[];
  /** `PARTITION/ID` of each request, in their order. */
  requests: string[];
}

/** Faults drawn from a seed by photo and count, whatever the order of requests. */
export function drawnFaults(seed: number, shares = badShares): ServedPhotos["fault"] {
  return (name, count) => {
    let drawn = new Random(seed, name, count).uniform();
    return shares.find(([, share]) => (drawn -= share) < 0)?.[0];
  };
}

/**
 * Serves photos by HTTP/1.1 over plain sockets, as HTTP libraries do not let a server drop connections,
 * end bodies early or stop in the middle of one.
 */
export function servePhotos(served: ServedPhotos): PhotoServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const connections = new Set<Deno.TcpConn>();
  const counts = new Map<string, number>();
  const accepting = (async () => {
    for await (const connection of listener) {
      connections.add(connection);
      answerAll(connection, served, requests, counts)
        .catch(() => {}) // the client is gone
        .finally(() => {
          if (connections.delete(connection)) connection.close();
        });
    }
  })();
  return {
    endpoint: `http://127.0.0.1:${listener.addr.port}`,
    hosts: [`127.0.0.1:${listener.addr.port}`],
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting.catch(() => {});
      for (const connection of connections) {
        connections.delete(connection);
        connection.close();
      }
    },
  };
}

async function answerAll(
  connection: Deno.TcpConn,
  served: ServedPhotos,
  requests: string[],
  counts: Map<string, number>,
): Promise<void> {
  const buffer = new Uint8Array(1 << 14);
  let head = "";
  for (let size; (size = await connection.read(buffer)) !== null;) {
    head += new TextDecoder().decode(buffer.subarray(0, size));
    if (!head.includes("\r\n\r\n")) continue;
    const name = /^GET \/(.*)\.jpg HTTP/.exec(head)?.[1] ?? "";
    head = "";
    requests.push(name);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    if (served.latency) await new Promise((resolve) => setTimeout(resolve, served.latency));
    const goesOn = await answer(connection, name, served, served.fault?.(name, count), count);
    if (!goesOn) return;
  }
}

/** Answers one request; false ends the connection. */
async function answer(
  connection: Deno.TcpConn,
  name: string,
  { photos, untagged }: ServedPhotos,
  fault: Fault | undefined,
  count: number,
): Promise<boolean> {
  const photo = photos.get(name);
  if (fault === "drop") return false;
  if (fault === "refuse" || fault === "refuse with Retry-After") {
    const headers = fault === "refuse" ? "" : "Retry-After: 1\r\n";
    await write(connection, `HTTP/1.1 503 Slow Down\r\n${headers}Content-Length: 4\r\n\r\nslow`);
    return true;
  }
  if (photo === undefined) {
    await write(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    return true;
  }
  const etag = untagged ? "" : `ETag: "${createHash("md5").update(photo).digest("hex")}"\r\n`;
  const chunked = count % 2 === 1;
  const length = chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${photo.length}`;
  await write(connection, `HTTP/1.1 200 OK\r\n${etag}${length}\r\n\r\n`);
  if (chunked) await write(connection, `${photo.length.toString(16)}\r\n`);
  if (fault === "truncate" || fault === "stall") {
    await write(connection, photo.subarray(0, photo.length / 2));
    if (fault === "stall") await connection.read(new Uint8Array(1)); // until the client gives up
    return false;
  }
  const bytes = photo.slice();
  if (fault === "alter") bytes[bytes.length >> 1] ^= 1;
  await write(connection, bytes);
  if (chunked) await write(connection, "\r\n0\r\n\r\n");
  return true;
}

async function write(connection: Deno.TcpConn, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Ids as Open Images has them, drawn from a seed. */
export function drawnIds(seed: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(seed, "id", index);
    return [random.bits(), random.bits()].map((bits) => bits.toString(16).padStart(8, "0")).join(
      "",
    );
  });
}

/** Bytes drawn from a seed, each photo of another length, all in one partition. */
export function drawnPhotos(
  seed: number,
  ids: readonly string[],
  partition = "train",
): Map<string, Uint8Array> {
  return new Map(ids.map((id) => {
    const random = new Random(seed, id);
    const bytes = new Uint8Array(random.integer(500, 20_000));
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.bits() | 1;
    return [`${partition}/${id}`, bytes];
  }));
}
