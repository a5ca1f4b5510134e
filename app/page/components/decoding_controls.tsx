/// <reference lib="dom" />
import { beam, lengthNormalisation, shown } from "../state/models.ts";
import { number, texts } from "../state/texts.ts";
import { Slider } from "./slider.tsx";

/** How captions are searched for: a change captions the photo again. */
export function DecodingControls() {
  const t = texts.value.decoding;
  const own = shown.value[0].decoding;
  const isChanged = beam.value !== null || lengthNormalisation.value !== null;
  const reset = () => {
    beam.value = null;
    lengthNormalisation.value = null;
  };
  return (
    <section class="decoding" aria-label={t.title}>
      <h3>{t.title}</h3>
      <Slider
        label={t.beam}
        help={t.beamHelp}
        most={10}
        least={1}
        step={1}
        value={beam.value ?? own.beam}
        shown={number(beam.value ?? own.beam)}
        onMove={(value) => beam.value = value}
      />
      <Slider
        label={t.lengthNormalisation}
        help={t.lengthHelp}
        most={1.5}
        least={0}
        step={0.1}
        value={lengthNormalisation.value ?? own.lengthNormalisation}
        shown={number(lengthNormalisation.value ?? own.lengthNormalisation, 1)}
        onMove={(value) => lengthNormalisation.value = value}
      />
      <button type="button" class="link" disabled={!isChanged} onClick={reset}>{t.reset}</button>
    </section>
  );
}
