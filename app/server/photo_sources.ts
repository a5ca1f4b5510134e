import type { z } from "@hono/zod-openapi";
import { RequestFailure } from "../api/request_failure.ts";
import type { photoSource } from "../api/schemas.ts";
import {
  decodeBase64,
  type FormFile,
  type HeldAccount,
  readBody,
  readForm,
  readText,
  RefusedPhotoError,
  shownName,
} from "../photos/mod.ts";
import type { Service } from "./service.ts";

/** A photo of a request: what it is called, and how to get it. */
export interface NamedPhoto {
  name: string;
  /** @throws {RefusedPhotoError} */
  read(signal: AbortSignal): Promise<Uint8Array>;
}

/** A request's body: JSON as it came, or a form. */
export type Body =
  | { json: unknown }
  | { files: FormFile[]; fields: Record<string, string | string[]> };

/**
 * The body of a request, of either kind.
 *
 * @param fileField the form's field with files
 * @throws {RequestFailure} 400, 408, 413, 415 or 503
 */
export async function bodyOf(
  request: Request,
  fileField: string,
  { limits }: Service,
  held: HeldAccount,
): Promise<Body> {
  const contentType = request.headers.get("Content-Type") ?? "";
  const [type] = contentType.toLowerCase().split(";");
  const body = readBody(request, limits, held);
  if (type.trim() === "application/json") {
    const text = await readText(body);
    try {
      return { json: JSON.parse(text) };
    } catch {
      throw new RequestFailure(400, "The body is not valid JSON.");
    }
  }
  if (type.trim() === "multipart/form-data") {
    const { files, fields } = await readForm(body, contentType, fileField, limits);
    const entries = [...fields].map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]);
    return { files, fields: Object.fromEntries(entries) };
  }
  throw new RequestFailure(415, "Send application/json or multipart/form-data.");
}

/** A photo that was uploaded in a form. */
export function uploadedPhoto(file: FormFile, position: number, service: Service): NamedPhoto {
  return {
    name: file.name ?? `photo ${position + 1}`,
    read: (signal) => service.checker.check(file.bytes, signal),
  };
}

/** A photo of a JSON request. */
export function sourcePhoto(
  source: z.infer<typeof photoSource>,
  position: number,
  { fetcher, checker }: Service,
): NamedPhoto {
  if ("base64" in source) {
    return {
      name: shownName(source.name) ?? `photo ${position + 1}`,
      read: async (signal) => await checker.check(decodeBase64(source.base64), signal),
    };
  }
  return {
    name: shownName(source.url) ?? `photo ${position + 1}`,
    async read(signal) {
      if (fetcher === undefined) {
        throw new RefusedPhotoError(
          "Web addresses are not fetched: start the server with --allow-urls, or send the photo.",
        );
      }
      return await checker.check(await fetcher.fetch(source.url, signal), signal);
    },
  };
}
