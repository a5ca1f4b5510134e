/// <reference lib="dom" />
import type { Example } from "../../api/schemas.ts";
import { addExample } from "../service/add_example.ts";
import { examples } from "../state/models.ts";
import { texts } from "../state/texts.ts";

/** Photos of one click. */
export function Examples() {
  const { start } = texts.value;
  const dev = examples.value.filter(({ kind }) => kind === "dev");
  return (
    <>
      <h2>{start.examples}</h2>
      <ul class="examples">
        {examples.value.filter(({ kind }) => kind !== "dev").map((each) => (
          <Offer key={each.id} example={each} />
        ))}
      </ul>
      {dev.length > 0 && (
        <>
          <h3>{start.devPhotos}</h3>
          <ul class="examples small">
            {dev.slice(0, 6).map((each) => <Offer key={each.id} example={each} />)}
          </ul>
        </>
      )}
    </>
  );
}

function Offer({ example: { id, title, url, source, kind } }: { example: Example }) {
  const name = kind === "photo" ? `${id}.jpg` : kind === "drawn" ? `${id}.png` : title;
  return (
    <li>
      <button type="button" class="offer" onClick={() => addExample(url, name)}>
        <img src={url} alt="" loading="lazy" width="160" height="120" />
        <span>{kind === "drawn" ? texts.value.start.drawn : title}</span>
      </button>
      {source && <Source source={source} />}
    </li>
  );
}

/** Who made a photo and under which terms; its web address, where it ends in one, as a link. */
function Source({ source }: { source: string }) {
  const [, terms, address] = /^(.*?)(?:, (https:\/\/\S+))?$/.exec(source)!;
  return (
    <small>
      {terms}
      {address && (
        <>
          {", "}
          <a href={address} rel="noreferrer">{texts.value.start.source}</a>
        </>
      )}
    </small>
  );
}
