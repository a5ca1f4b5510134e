import { dirname } from "node:path";

const REASONS: Record<string, (folder: string) => string> = {
  ENOSPC: (folder) => `the disk that holds ${folder} is full: free some space and run again`,
  EDQUOT: (folder) => `the quota for ${folder} is used up: free some space and run again`,
  EROFS: (folder) =>
    `the folder ${folder} is on a read-only file system: choose a folder that can be written`,
  EACCES: (folder) =>
    `the folder ${folder} is not writable for this user: change its permissions or choose another`,
  EPERM: (folder) =>
    `the folder ${folder} is not writable for this user: change its permissions or choose another`,
  ENOTDIR: (folder) => `a part of ${folder} is a file, not a folder: move it away`,
  EISDIR: () => "a folder has this name: move it away",
  ENOTEMPTY: () => "a folder has this name: move it away",
  EEXIST: (folder) => `a part of ${folder} is a file, not a folder: move it away`,
};

/** Whether an error, or its cause, says that this process may not write there. */
export function isForbidden(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return error instanceof Deno.errors.NotCapable ||
    ["EACCES", "EPERM", "EROFS"].includes(code ?? "") ||
    (cause !== undefined && isForbidden(cause));
}

/**
 * Says in one sentence why `path` could not be written and what to do; the original error is the
 * `cause`, and is returned unchanged where it cannot be explained better.
 */
export function explainWriteError(error: unknown, path: string, folder = dirname(path)): unknown {
  if (error instanceof Deno.errors.NotCapable) {
    return new Error(
      `Cannot write ${path}: Deno was not given the permission; run it through its task, ` +
        `or add --allow-write=${folder}`,
      { cause: error },
    );
  }
  const code = (error as { code?: string } | null)?.code;
  const reason = code === undefined ? undefined : REASONS[code];
  if (reason === undefined) return error;
  return new Error(`Cannot write ${path}: ${reason(folder)}`, { cause: error });
}
