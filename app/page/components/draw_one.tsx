/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { DRAWN } from "../../api/addresses.ts";
import { addExample } from "../service/add_example.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";

/** Draws shapes, others each time. */
export function DrawOne() {
  const drawn = useSignal(0);
  const { start } = texts.value;
  const draw = () => {
    drawn.value++;
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
    addExample(`${DRAWN}${seed}`, `shapes-${seed}.png`);
  };
  return (
    <button type="button" onClick={draw}>
      <Icon name="draw" />
      {drawn.value === 0 ? start.drawn : start.drawAnother}
    </button>
  );
}
