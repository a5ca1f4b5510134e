/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ModelCard } from "../../engine/caption_engine.ts";
import { texts } from "../state/texts.ts";

/** The figure's own script, a file of its own: most visitors never ask for it. */
const SCRIPT = "/training_curve.js";

/** Loss and learning rate by epoch, drawn when asked for. */
export function TrainingCurve({ history }: Pick<ModelCard, "history">) {
  const isOpen = useSignal(false);
  const picture = useSignal("");
  const { card } = texts.value;
  useEffect(() => {
    if (!isOpen.value) return;
    draw(history, card).then((address) => picture.value = address, () => picture.value = "failed");
  }, [isOpen.value, history, card]);
  return (
    <details
      class="curve"
      onToggle={({ currentTarget }) => isOpen.value = currentTarget.open}
    >
      <summary>{card.curve}</summary>
      {picture.value === "failed"
        ? <p role="alert">{card.curveFailed}</p>
        : picture.value !== "" && (
          <img src={picture.value} alt={card.curveTitle} width="640" height="380" />
        )}
    </details>
  );
}

async function draw(
  history: ModelCard["history"],
  card: typeof texts.value.card,
): Promise<string> {
  const { trainingCurve }: typeof import("../training_curve.ts") = await import(SCRIPT);
  const svg = trainingCurve(history, card, 640);
  if (svg === undefined) throw new TypeError("the figure has a trace that SVG does not draw");
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
