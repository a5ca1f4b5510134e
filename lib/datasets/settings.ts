import { z } from "zod";
import { datasetSources } from "./registry.ts";

type Schemas<Sources> = {
  -readonly [I in keyof Sources]: Sources[I] extends { settings: infer S } ? S : never;
};

/**
 * The config's part on data sets; `kind` names the source, `shapes` by default.
 *
 * @internal
 */
export const datasetSettings = z.discriminatedUnion(
  "kind",
  datasetSources.map((source) => source.settings) as unknown as Schemas<typeof datasetSources>,
).prefault({ kind: "shapes" });

/** Where captioned photos come from. */
export type DatasetSettings = z.infer<typeof datasetSettings>;
