import { basename, dirname, join, resolve } from "node:path";

/**
 * The path of a file or folder without symbolic links, so that two names of one folder are equal. Of
 * what does not exist, the part that does is real; where a link leads nowhere, its target counts.
 */
export function realPath(path: string): string {
  const absolute = resolve(path);
  const place = dirname(absolute);
  try {
    return Deno.realPathSync(absolute);
  } catch (error) {
    if (place === absolute) return absolute;
    const target = error instanceof Deno.errors.NotFound ? linkTarget(absolute) : undefined;
    if (target !== undefined) return realPath(resolve(realPath(place), target));
    return join(realPath(place), basename(absolute));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}
