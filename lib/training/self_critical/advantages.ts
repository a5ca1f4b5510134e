/**
 * How much better each sample of a photo is than the mean of its others (Luo 2020): a baseline that
 * does not depend on the sample, so that the gradient's expectation stays that of the reward.
 *
 * @param rewards of the photo's samples, at least two
 * @returns in their order; they sum to 0
 */
export function advantages(rewards: readonly number[]): number[] {
  const sum = rewards.reduce((sum, reward) => sum + reward, 0);
  return rewards.map((reward) => reward - (sum - reward) / (rewards.length - 1));
}
