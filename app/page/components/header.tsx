/// <reference lib="dom" />
import { chosen, second, service } from "../state/models.ts";
import { language, languages, texts } from "../state/texts.ts";
import { theme, themes } from "../state/theme.ts";
import { Choice } from "./choice.tsx";

/** Name of the page, and what may be chosen for all of it. */
export function Header() {
  const t = texts.value;
  const names = service.value?.models.map(({ name }) => name) ?? [];
  const others = names.filter((name) => name !== chosen.value);
  const choose = (name: string) => {
    if (name === second.value) second.value = chosen.value;
    chosen.value = name;
  };
  return (
    <header class="header">
      <div class="brand">
        <h1>Showtell</h1>
        <p>{t.tagline}</p>
      </div>
      <div class="choices">
        <Choice
          label={t.model}
          value={chosen.value}
          options={(names.length > 0 ? names : [""]).map((name) => [name, name || "…"])}
          onChoose={choose}
        />
        {others.length > 0 && (
          <Choice
            label={t.compareWith}
            value={second.value}
            options={[["", t.nothing], ...others.map((name): [string, string] => [name, name])]}
            onChoose={(name) => second.value = name}
          />
        )}
        <Choice
          label={t.theme.label}
          value={theme.value}
          options={themes.map((each) => [each, t.theme[each]])}
          onChoose={(name) => theme.value = themes.find((each) => each === name)!}
        />
        <Choice
          label={t.languageLabel}
          value={language.value}
          options={languages.map(({ code, language }) => [code, language])}
          onChoose={(code) => language.value = code}
        />
      </div>
    </header>
  );
}
