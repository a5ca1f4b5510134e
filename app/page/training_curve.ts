import { type EpochFigures, type Figure, figureSvg, lossCurves } from "../../lib/plots/mod.ts";
import type { Texts } from "./texts/en.ts";

/** The curve of a run as SVG, in the page's language. Loaded when it is asked for. */
export function trainingCurve(
  history: EpochFigures[],
  { curveTitle, axes }: Texts["card"],
  width: number,
): string | undefined {
  return figureSvg(inWords(lossCurves(history, { title: curveTitle }), axes), { width });
}

function inWords(figure: Figure, axes: Texts["card"]["axes"]): Figure {
  const { xaxis, yaxis, yaxis2 } = figure.layout as Record<string, { title: { text: string } }>;
  xaxis.title.text = axes.epoch;
  yaxis.title.text = axes.loss;
  if (yaxis2 !== undefined) yaxis2.title.text = axes.rate;
  for (const trace of figure.data) {
    trace.name = trace.name?.replace("learning rate", axes.rate).replace("training", axes.training)
      .replace("validation", axes.validation).replace("best", axes.best)
      .replace("epoch", axes.epoch);
  }
  return figure;
}
