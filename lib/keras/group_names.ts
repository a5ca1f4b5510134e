/**
 * Names of layers' groups in Keras 3's files, from their classes in the model's order: `conv2d`,
 * `conv2d_1`, …
 */
export function groupNames(classes: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return classes.map((className) => {
    const count = counts.get(className) ?? 0;
    counts.set(className, count + 1);
    return count === 0 ? snakeCase(className) : `${snakeCase(className)}_${count}`;
  });
}

/** As `to_snake_case` of Keras: `global_average_pooling1d` of `GlobalAveragePooling1D`. */
function snakeCase(className: string): string {
  return className.replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
