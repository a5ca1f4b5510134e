import { z } from "zod";

/**
 * The JSON schema of nbformat 4.5 as far as notebooks in git need it: those have no outputs, so that
 * an output is only known to be one.
 *
 * https://github.com/jupyter/nbformat/blob/main/nbformat/v4/nbformat.v4.5.schema.json
 */
const multiline = z.union([z.string(), z.array(z.string())]);
const mimeBundle = z.record(z.string(), z.unknown());
const name = z.string().regex(/^[^,]+$/);

const cell = {
  id: z.string().regex(/^[a-zA-Z0-9-_]+$/).min(1).max(64),
  source: multiline,
};
const cellMetadata = z.looseObject({
  collapsed: z.boolean().optional(),
  name: z.string().optional(),
  tags: z.array(name).optional(),
  jupyter: z.record(z.string(), z.unknown()).optional(),
});
const attachments = z.record(z.string(), mimeBundle).optional();

const markdownCell = z.strictObject({
  ...cell,
  cell_type: z.literal("markdown"),
  metadata: cellMetadata,
  attachments,
});

const rawCell = z.strictObject({
  ...cell,
  cell_type: z.literal("raw"),
  metadata: cellMetadata.extend({ format: z.string().optional() }),
  attachments,
});

const codeCell = z.strictObject({
  ...cell,
  cell_type: z.literal("code"),
  metadata: cellMetadata.extend({
    scrolled: z.union([z.boolean(), z.literal("auto")]).optional(),
    execution: z.record(z.string(), z.unknown()).optional(),
  }),
  execution_count: z.int().min(0).nullable(),
  outputs: z.array(z.looseObject({
    output_type: z.enum(["execute_result", "display_data", "stream", "error"]),
  })),
});

/** A notebook of nbformat 4.5. */
export const notebookSchema = z.strictObject({
  cells: z.array(z.discriminatedUnion("cell_type", [markdownCell, rawCell, codeCell])),
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.string(), display_name: z.string() }).optional(),
    language_info: z.looseObject({
      name: z.string(),
      codemirror_mode: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
      file_extension: z.string().optional(),
      mimetype: z.string().optional(),
      pygments_lexer: z.string().optional(),
    }).optional(),
    orig_nbformat: z.int().min(1).optional(),
    title: z.string().optional(),
    authors: z.array(z.unknown()).optional(),
  }),
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
});
