/** Whether an error says that a path does not exist: it, or a folder on the way, is missing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    (error as { code?: string } | null)?.code === "ENOTDIR";
}

/** For `catch`: undefined if the path does not exist; any other error is rethrown. */
export function unlessNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
