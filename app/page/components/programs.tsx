/// <reference lib="dom" />
import { curl } from "../programs/curl.ts";
import { javascript } from "../programs/javascript.ts";
import { python } from "../programs/python.ts";
import { texts } from "../state/texts.ts";
import { CopyButton } from "./copy_button.tsx";

/** Lines for other programs, which run as they stand. */
export function Programs() {
  const t = texts.value.programs;
  const all = [["curl", curl], ["JavaScript", javascript], ["Python", python]] as const;
  return (
    <section class="programs" aria-labelledby="programs">
      <h2 id="programs">{t.title}</h2>
      <p>{t.lead}</p>
      <div class="listings">
        {all.map(([language, program]) => (
          <article key={language}>
            <header>
              <h3>{language}</h3>
              <CopyButton text={program(location.origin)} label={t.copy} copied={t.copied} />
            </header>
            <pre tabIndex={0} aria-label={language}><code>{program(location.origin)}</code></pre>
          </article>
        ))}
      </div>
      <p>
        <a href="/openapi.json">{t.document}</a>
      </p>
    </section>
  );
}
