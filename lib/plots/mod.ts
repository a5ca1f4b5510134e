/**
 * Figures as plain Plotly JSON and as SVG; diagrams of networks. Pure; runs in a browser as well.
 *
 * @module
 */
export { bleuBars } from "./bleu_bars.ts";
export type { BleuBarsOptions, NamedScores } from "./bleu_bars.ts";
export { captionLengths } from "./caption_lengths.ts";
export { featureProjection } from "./feature_projection.ts";
export type { FeatureProjectionOptions } from "./feature_projection.ts";
export { axis, colours, layout, palette } from "./figure.ts";
export type { Figure, Trace } from "./figure.ts";
export { featureHeatMap, heatMap } from "./heat_map.ts";
export type { HeatMapOptions } from "./heat_map.ts";
export { histogram } from "./histogram.ts";
export type { HistogramOptions } from "./histogram.ts";
export { figureSvg } from "./svg/figure_svg.ts";
export type { FigureSvgOptions } from "./svg/figure_svg.ts";
export type { GraphLayer } from "./layers/graph_layer.ts";
export { layerKind, layerShape } from "./layers/graph_layer.ts";
export { layersText } from "./layers/layers_text.ts";
export { layerDiagram } from "./layers/layer_diagram.ts";
export { type LengthGroup, lengthShares } from "./length_shares.ts";
export { lossCurves } from "./loss_curves.ts";
export type { EpochFigures, LossCurvesOptions } from "./loss_curves.ts";
export { runCurves, type RunCurvesOptions, type RunHistory } from "./run_curves.ts";
export { scoreBars, type ScoreBarsOptions, type ScoredRun } from "./score_bars.ts";
export { vocabularyCurves, type WordGroup } from "./vocabulary_curves.ts";
export { wordFrequencies } from "./word_frequencies.ts";
export type { WordFrequenciesOptions } from "./word_frequencies.ts";
