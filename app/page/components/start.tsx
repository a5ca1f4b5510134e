/// <reference lib="dom" />
import { examples } from "../state/models.ts";
import { texts } from "../state/texts.ts";
import { Examples } from "./examples.tsx";
import { Intake } from "./intake.tsx";

/** What stands there before there is a photo. */
export function Start() {
  const { start } = texts.value;
  return (
    <section class="start" aria-labelledby="start">
      <div class="dropzone">
        <h2 id="start">{start.title}</h2>
        <p>{start.lead}</p>
        <Intake />
        <p class="kinds">{start.kinds}</p>
      </div>
      <div class="offers">
        {examples.value.length > 0 && <Examples />}
      </div>
    </section>
  );
}
