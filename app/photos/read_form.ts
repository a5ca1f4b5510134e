import {
  MaxFileSizeExceededError,
  MaxHeaderSizeExceededError,
  MaxPartsExceededError,
  MaxTotalSizeExceededError,
  MultipartParser,
  type MultipartPart,
} from "@remix-run/multipart-parser";
import { RequestFailure } from "../api/request_failure.ts";
import { megabytes, type PhotoLimits } from "./limits.ts";

/** A file in a form. */
export interface FormFile {
  /** As the client calls it; shown, never opened. */
  name: string | undefined;
  bytes: Uint8Array;
}

/** A form that was read. */
export interface Form {
  /** Those of the file field, in order. */
  files: FormFile[];
  /** The values of all other fields, in order. */
  fields: Map<string, string[]>;
}

const MOST_FIELDS = 128;
const LONGEST_FIELD = 10_000;
const LONGEST_NAME = 255;

/**
 * A form (RFC 7578) out of the pieces of its body.
 *
 * @param fileField name of the field whose parts are files, whether or not they have a file name
 * @throws {RequestFailure} 400 where the form is malformed, 413 where it is too large
 */
export async function readForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  fileField: string,
  limits: PhotoLimits,
): Promise<Form> {
  const parser = new MultipartParser(boundaryOf(contentType), {
    maxFileSize: limits.photoBytes,
    maxParts: limits.photos + MOST_FIELDS,
    maxTotalSize: limits.bodyBytes,
  });
  const form: Form = { files: [], fields: new Map() };
  try {
    for await (const piece of body) {
      for (const part of parser.write(piece)) addPart(form, part, fileField, limits);
    }
    parser.finish();
  } catch (error) {
    throw failureOf(error, limits);
  }
  return form;
}

/** At most 70 characters of ASCII (RFC 2046, 5.1.1). */
function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? "";
  if (!/^[\x20-\x7e]{1,70}$/.test(boundary)) {
    throw new RequestFailure(400, "The Content-Type of the form names no valid boundary.");
  }
  return boundary;
}

function addPart(form: Form, part: MultipartPart, fileField: string, limits: PhotoLimits): void {
  const { name } = part;
  if (name === undefined) throw new RequestFailure(400, "A part of the form has no name.");
  if (name === fileField) {
    if (form.files.length === limits.photos) throw tooMany(limits);
    form.files.push({ name: shownName(part.filename), bytes: part.bytes });
    return;
  }
  if (part.size > LONGEST_FIELD) throw new RequestFailure(413, "A field of the form is too long.");
  form.fields.set(name, [...form.fields.get(name) ?? [], part.text]);
}

/** A client's name for a file without what would spoil a line of text. */
export function shownName(name: string | undefined): string | undefined {
  // deno-lint-ignore no-control-regex
  return name?.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
    .slice(0, LONGEST_NAME).toWellFormed() || undefined;
}

function tooMany({ photos }: PhotoLimits): RequestFailure {
  return new RequestFailure(
    413,
    `The request has more than ${photos} photos: send them in several requests.`,
  );
}

function failureOf(error: unknown, limits: PhotoLimits): RequestFailure {
  if (error instanceof RequestFailure) return error;
  if (error instanceof MaxPartsExceededError) return tooMany(limits);
  if (error instanceof MaxFileSizeExceededError || error instanceof MaxTotalSizeExceededError) {
    const most = megabytes(limits.photoBytes);
    return new RequestFailure(413, `A photo is larger than ${most}: make it smaller.`);
  }
  if (error instanceof MaxHeaderSizeExceededError) {
    return new RequestFailure(413, "A header within the form is too long.");
  }
  return new RequestFailure(400, "The form is malformed: send multipart/form-data (RFC 7578).");
}
