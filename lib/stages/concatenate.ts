/** Numbers one after another; of a single part, that part itself. */
export function concatenate<Numbers extends Float32Array | Uint8Array>(
  type: new (length: number) => Numbers,
  parts: readonly Numbers[],
): Numbers {
  if (parts.length === 1) return parts[0];
  const whole = new type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
