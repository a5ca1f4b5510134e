/** Works on a temporary file with this content, which is removed afterwards. */
export async function withFile<Result>(
  content: Uint8Array | string,
  work: (path: string) => Promise<Result> | Result,
): Promise<Result> {
  const path = await Deno.makeTempFile({ prefix: "showtell-test-" });
  try {
    await (typeof content === "string"
      ? Deno.writeTextFile(path, content)
      : Deno.writeFile(path, content));
    return await work(path);
  } finally {
    await Deno.remove(path);
  }
}

/** The error message of the work on a file with this content, with FILE for its path. */
export async function failure(
  content: Uint8Array | string,
  work: (path: string) => unknown,
): Promise<string> {
  return await withFile(content, async (path) => {
    try {
      await work(path);
    } catch (error) {
      const known = [SyntaxError, RangeError, TypeError].some((kind) => error instanceof kind);
      if (!known) throw error;
      return (error as Error).message.replaceAll(path, "FILE");
    }
    throw new Error("It did not fail");
  });
}
