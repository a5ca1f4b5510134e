import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, type Outcome, run, tiny } from "./task.ts";

/** It clears the screen, names the window, turns the text, and begins a line of its own. */
const HOSTILE = "\x1b[2J\x1b]0;own\x07\x9b31m\u202e\r\n\u2028Error: forged";

/** How a line shows it. */
const SHOWN = String.raw`\x1b[2J\x1b]0;own\x07\x9b31m\u202e\r\n\u2028Error: forged`;

/** What is left of it in words and in pickles, which hold no line ends. */
const WORD = "do\x1b\x07\x9bg\u202e";

/** What a terminal obeys but line ends and tabs, which are the tasks' own. */
const OBEYED = /(?![\n\t])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|\p{Bidi_Control}/u;

/** Checks that nothing in what a task printed is obeyed, and returns all of it. */
function harmless({ out, err }: Outcome): string {
  const text = out + err;
  const at = text.search(OBEYED);
  assert(at < 0, JSON.stringify(text.slice(Math.max(0, at - 100), at + 20)));
  assert(!/^(\u2028)?Error: forged/m.test(text), text);
  return text;
}

/** Photos with captions, some of them unusable, all of a hostile name; a config for them. */
async function madeFolder(folder: string): Promise<string> {
  const source = `photos${HOSTILE}`;
  await Deno.mkdir(`${folder}/${source}`);
  const { default: sharp } = await import("sharp");
  const photo = (red: number) => {
    const background = { r: red, g: 30, b: 30 };
    return sharp({ create: { width: 32, height: 32, channels: 3, background } }).jpeg().toBuffer();
  };
  const names = Array.from({ length: 12 }, (_, i) => `${i}${HOSTILE}.jpg`);
  for (const [i, name] of names.entries()) {
    const whole = await photo(20 * i);
    await Deno.writeFile(
      `${folder}/${source}/${name}`,
      whole.subarray(0, i === 0 ? 100 : undefined),
    );
  }
  const captions = Object.fromEntries(names.map((name) => [name, [`a red ${WORD} ${WORD}s runs`]]));
  captions[`gone${HOSTILE}.jpg`] = ["a caption of no photo"];
  await Deno.writeTextFile(`${folder}/${source}/captions.json`, JSON.stringify(captions));
  const config = {
    ...tiny,
    description: `<script>${HOSTILE}`,
    dataset: { kind: "folder", source },
    text: { minCount: 1, cleaning: ["signsToSpaces"] },
    training: { ...tiny.training, epochs: 1 },
  };
  await Deno.writeTextFile(`${folder}/hostile.json`, JSON.stringify(config));
  return `${source}/${names[1]}`;
}

Deno.test({
  name: "no task prints what a terminal obeys, whatever names, words, settings and files say",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const photo = await madeFolder(folder);
      const config = ["--config", "hostile.json"];
      const trained = await run(folder, "train", ...config);
      const text = harmless(trained);
      assertEquals(trained.code, 0, text);
      assert(text.includes(`Rejected`) && text.includes(SHOWN), text);

      const captioned = await run(folder, "caption", "--run=tiny", photo, `no${HOSTILE}.jpg`);
      harmless(captioned);
      assert(captioned.out.startsWith(`photos${SHOWN}/1${SHOWN}.jpg\t`), captioned.out);
      assertEquals(captioned.out.split("\n").length, 2);
      const json = await run(folder, "caption", "--run=tiny", "--json", photo);
      harmless(json);
      assertEquals(JSON.parse(json.out).photo, photo);

      const exported = await run(folder, "export", "--run=tiny", "--format=tfjs");
      harmless(exported);
      const readme = (await filesUnder(folder)).find((file) => file.endsWith("README.md"))!;
      const card = await Deno.readTextFile(`${folder}/${readme}`);
      assert(!OBEYED.test(card) && !card.includes("<script>"), card);

      // A run of a hostile name, whose config is none, and scores of one.
      const runs = `${folder}/data/runs`;
      await Deno.mkdir(`${runs}/run${HOSTILE}`);
      await Deno.writeTextFile(`${runs}/run${HOSTILE}/config.json`, `{"${HOSTILE}`);
      for (const args of [[], ["show", `run${HOSTILE}`]]) {
        assert(harmless(await run(folder, "runs", ...args)).includes("1b[2J"));
      }
    }),
});

Deno.test({
  name: "no task prints what a terminal obeys of arguments and of files that it refuses",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const file = (name: string, content: string) =>
        Deno.writeTextFile(`${folder}/${name}${HOSTILE}`, content);
      await file("words", `c${WORD}\n${WORD}\n.`);
      await file("list", JSON.stringify({ [HOSTILE]: [HOSTILE] }));
      await file("other", JSON.stringify({ [`${HOSTILE}!`]: HOSTILE }));
      await file("kind", JSON.stringify({ ...tiny, dataset: { kind: HOSTILE } }));
      const cases: [string, ...string[]][] = [
        ["import", `words${HOSTILE}`],
        ["score", `--candidates=other${HOSTILE}`, `--references=list${HOSTILE}`],
        ["prepare", `--config=kind${HOSTILE}`, "--debug"],
        ["train", `--${HOSTILE}`],
        ["serve", `--run=${HOSTILE}`],
        ["doctor", "--config=tiny.json", "--dataset.kind=folder", `--dataset.source=${HOSTILE}`],
        ["caption", `https://${HOSTILE}/a.jpg`, `--run=${HOSTILE}`],
      ];
      for (const args of cases) {
        const text = harmless(await run(folder, ...args));
        assert(text.includes("\\x1b"), text);
      }
    }),
});
