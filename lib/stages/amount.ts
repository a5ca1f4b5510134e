import { showBytes } from "../storage/mod.ts";

/** What is counted, by the name of a stage; of others only the numbers are shown. */
const UNITS: Record<string, string> = {
  Photos: "photos",
  Features: "photos",
  Captions: "captions",
  Weights: "layers",
  Unpacking: "files",
};

/**
 * How far a stage is, for people: `1,200 of 2,500 photos`.
 *
 * @param total 0 while unknown
 */
export function amount(stage: string, done: number, total: number): string {
  const isDownload = stage === "Download";
  const show = (n: number) => isDownload ? showBytes(n) : n.toLocaleString("en");
  const unit = isDownload ? undefined : UNITS[stage] ?? (stage.startsWith("Epoch") ? "steps" : "");
  return [show(done), ...total > 0 ? ["of", show(total)] : [], unit].filter(Boolean).join(" ");
}
