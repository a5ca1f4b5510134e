/**
 * An error with its stack, its causes and, of several errors in one, each of them, in lines. The
 * stack's own text begins with the message, which may hold line ends: only its calls are taken.
 */
export function errorLines(error: unknown, indent = ""): string[] {
  if (!(error instanceof Error)) return [indent + String(error)];
  const { name, message, stack = "", cause } = error;
  const calls = stack.slice(stack.indexOf(message) + message.length).split("\n")
    .filter((line) => /^ +at /.test(line));
  return [
    `${indent}${name}: ${message}`,
    ...calls.map((line) => indent + line),
    ...cause === undefined ? [] : [`${indent}Caused by:`, ...errorLines(cause, `${indent}  `)],
    ...error instanceof AggregateError
      ? error.errors.flatMap((each) => errorLines(each, `${indent}  `))
      : [],
  ];
}
