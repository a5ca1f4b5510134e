/** The name of a recurrent layer's weights, counted from 0. */
export function recurrentName(cell: string, layer: number): string {
  return layer === 0 ? cell : `${cell}_${layer + 1}`;
}
