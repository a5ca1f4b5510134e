/**
 * Layers in the order of Keras' `model.layers`, which is that of its files: the farthest from the
 * output first, and among equally distant ones those that a search back from the output meets first.
 *
 * @param layers all that the output depends on; an input that is not among them is ignored
 * @param output name of the last layer
 */
export function kerasOrder<Layer extends { name: string; inputs: readonly string[] }>(
  layers: readonly Layer[],
  output: string,
): Layer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const inputsOf = (name: string) => byName.get(name)?.inputs ?? [];
  const met = new Map<string, number>();
  const finished: string[] = []; // each after its inputs
  const visit = (name: string) => {
    if (met.has(name)) return;
    met.set(name, met.size);
    inputsOf(name).forEach(visit);
    finished.push(name);
  };
  visit(output);
  const distances = new Map([[output, 0]]);
  for (const name of finished.toReversed()) {
    const further = distances.get(name)! + 1;
    for (const input of inputsOf(name)) {
      distances.set(input, Math.max(further, distances.get(input) ?? 0));
    }
  }
  return layers.toSorted((a, b) =>
    distances.get(b.name)! - distances.get(a.name)! || met.get(a.name)! - met.get(b.name)!
  );
}
