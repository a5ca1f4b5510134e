/**
 * Figures as plain Plotly JSON. Pure; runs in a browser as well.
 *
 * @module
 */
export { bleuBars } from "./bleu_bars.ts";
export type { BleuBarsOptions, NamedScores } from "./bleu_bars.ts";
export { captionLengths } from "./caption_lengths.ts";
export { featureHeatMap, featureHistogram, featureProjection } from "./features.ts";
export type { FeatureProjectionOptions } from "./features.ts";
export { axis, colours, layout, palette } from "./figure.ts";
export type { Figure, Trace } from "./figure.ts";
export { lossCurves } from "./loss_curves.ts";
export type { EpochFigures, LossCurvesOptions } from "./loss_curves.ts";
export { wordFrequencies } from "./word_frequencies.ts";
export type { WordFrequenciesOptions } from "./word_frequencies.ts";
