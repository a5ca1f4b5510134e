/** Members of a `.keras` archive. */
export const archiveMembers = {
  /** The model's layers. */
  config: "config.json",
  /** Their weights. */
  weights: "model.weights.h5",
} as const;
