import strict from "node:assert/strict";

export function assert(condition: unknown, message?: string): asserts condition {
  strict.ok(condition, message!);
}

export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  strict.deepStrictEqual(actual, expected, message!);
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = 1e-7,
  message?: string,
): void {
  const near = Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance;
  strict.ok(near, message ?? `${actual} is not within ${tolerance} of ${expected}`);
}

// deno-lint-ignore no-explicit-any
type ErrorClass = new (...args: any[]) => Error;

function expected(error: unknown, errorClass: ErrorClass, includes: string): Error {
  strict.ok(error instanceof errorClass, `${error} is no ${errorClass.name}`);
  strict.ok(error.message.includes(includes), `"${error.message}" lacks "${includes}"`);
  return error;
}

export function assertThrows(fn: () => unknown, errorClass: ErrorClass, includes = ""): Error {
  try {
    fn();
  } catch (error) {
    return expected(error, errorClass, includes);
  }
  throw new strict.AssertionError({ message: "It did not throw" });
}

export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass,
  includes = "",
): Promise<Error> {
  try {
    await fn();
  } catch (error) {
    return expected(error, errorClass, includes);
  }
  throw new strict.AssertionError({ message: "It did not reject" });
}
