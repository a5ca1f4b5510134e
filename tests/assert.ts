/**
 * @std/assert, or what stands in for the part of it that the tests use where
 * the registry it lives in cannot be reached.
 */
const assertions = await import("@std/assert").catch((error) => {
  if (!(error instanceof TypeError)) throw error; // only a failure to load
  return import("./assert_offline.ts");
});

export const assert: (condition: unknown, message?: string) => asserts condition =
  assertions.assert;
export const assertEquals: <T>(actual: T, expected: T, message?: string) => void =
  assertions.assertEquals;
export const assertAlmostEquals: (
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
) => void = assertions.assertAlmostEquals;
export const assertThrows: (
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  errorClass: new (...args: any[]) => Error,
  messageIncludes?: string,
) => Error = assertions.assertThrows;
export const assertRejects: (
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  errorClass: new (...args: any[]) => Error,
  messageIncludes?: string,
) => Promise<Error> = assertions.assertRejects;
