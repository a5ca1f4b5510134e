/// <reference lib="dom" />
import { loadModels } from "../state/models.ts";
import { texts } from "../state/texts.ts";

/** In place of the page where the server does not answer. */
export function Unreachable() {
  const { errors } = texts.value;
  return (
    <section class="unreachable" role="alert">
      <p>{errors.noModels}</p>
      <p>{errors.noServer}</p>
      <button type="button" onClick={loadModels}>{errors.retry}</button>
    </section>
  );
}
