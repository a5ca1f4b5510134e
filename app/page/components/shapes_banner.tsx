/// <reference lib="dom" />
import { shown } from "../state/models.ts";
import { texts } from "../state/texts.ts";
import { DrawOne } from "./draw_one.tsx";

/** Says what a run that saw drawn shapes alone can do. */
export function ShapesBanner() {
  const run = shown.value.find(({ dataset }) => dataset === "shapes");
  if (run === undefined) return null;
  return (
    <p class="banner">
      <span>{texts.value.shapes.text(run.name)}</span>
      <DrawOne />
    </p>
  );
}
