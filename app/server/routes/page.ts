import { promisify } from "node:util";
import zlib from "node:zlib";
import type { PageFile } from "../server_options.ts";
import type { App, RequestContext } from "./route.ts";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/** A page's file as it is sent. */
interface ReadyFile {
  etag: string;
  identity: Uint8Array<ArrayBuffer>;
  br: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer>;
}

/** The page's files, compressed once, when they are first asked for. */
export function addPage(app: App, page: ReadonlyMap<string, PageFile>): void {
  for (const [path, file] of page) {
    let ready: Promise<ReadyFile> | undefined;
    app.get(path, async (c) => send(c, file.type, await (ready ??= prepare(file))));
  }
}

async function prepare({ body }: PageFile): Promise<ReadyFile> {
  const identity = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", identity));
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 9,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
  };
  return {
    etag: `"${digest.toHex().slice(0, 32)}"`,
    identity,
    br: new Uint8Array(await brotli(identity, { params })),
    gzip: new Uint8Array(await gzip(identity)),
  };
}

function send(c: RequestContext, type: string, file: ReadyFile): Response {
  const headers = new Headers({
    "Content-Type": type,
    "Cache-Control": "no-cache",
    ETag: file.etag,
    Vary: "Accept-Encoding",
  });
  if (c.req.header("If-None-Match") === file.etag) {
    return new Response(null, { status: 304, headers });
  }
  const accepted = (c.req.header("Accept-Encoding") ?? "").toLowerCase();
  const encoding = (["br", "gzip"] as const).find((each) => accepted.includes(each));
  if (encoding === undefined) return new Response(file.identity, { headers });
  headers.set("Content-Encoding", encoding);
  return new Response(file[encoding], { headers });
}
