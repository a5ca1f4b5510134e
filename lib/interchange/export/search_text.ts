import { type DecodingSettings, DIVERSITY_PENALTY } from "../../decoding/mod.ts";

/** How captions are found, for people: what has no effect is left out. */
export function searchText(
  {
    beam,
    lengthNormalisation,
    minLength,
    noRepeatNgram,
    diverseGroups = 1,
    diversityPenalty = DIVERSITY_PENALTY,
    sampling,
    consensus,
  }: Omit<DecodingSettings, "maxLength" | "batchSize" | "forbidMarkers">,
): string {
  const found = sampling === undefined
    ? `by beam ${beam} (length normalisation ${lengthNormalisation})`
    : `drawn at random (${
      Object.entries(sampling).map(([key, value]) => key === "kind" ? value : `${key} ${value}`)
        .join(", ")
    })`;
  return [
    found,
    ...diverseGroups > 1 && sampling === undefined
      ? [`in ${diverseGroups} groups (diversity penalty ${diversityPenalty})`]
      : [],
    ...minLength ? [`at least ${minLength} words`] : [],
    ...noRepeatNgram === undefined ? [] : [`no ${noRepeatNgram} words in a row twice`],
    ...consensus?.weight && beam > 1
      ? [
        `ranked with ${consensus.samples} drawn captions (temperature ${consensus.temperature}, ` +
        `weight ${consensus.weight})`,
      ]
      : [],
  ].join(", ");
}
