/// <reference lib="dom" />
import { shown } from "../state/models.ts";
import { texts } from "../state/texts.ts";
import { ModelCardView } from "./model_card_view.tsx";

/** Cards of the chosen runs. */
export function ModelCards() {
  return (
    <section class="cards" aria-labelledby="cards">
      <h2 id="cards">{texts.value.card.title}</h2>
      <div class={shown.value.length > 1 ? "two" : ""}>
        {shown.value.map((card) => <ModelCardView key={card.name} card={card} />)}
      </div>
    </section>
  );
}
