/** Numbers in which a network's large products are computed; their sums are float32 in any case. */
export type Arithmetic = "float32" | "bfloat16";
