/** The least Deno that has what is used: file locks without waiting (`tryLock`), permission sets. */
const LEAST = [2, 7];

/**
 * What to tell the user of a Deno that is too old.
 *
 * @param version `Deno.version.deno`
 * @returns undefined if it is not
 */
export function oldDeno(version: string): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return undefined;
  return `Showtell needs Deno ${LEAST.join(".")} or later, and this is Deno ${version}: run ` +
    "`deno upgrade`, or put `npx --yes deno@latest` in place of `deno`";
}
