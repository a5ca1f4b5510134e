import { nextSteps } from "../../lib/cli/mod.ts";
import { assert, assertEquals } from "../assert.ts";

const sample = {
  photo: "photos/a dog.jpg",
  caption: "a dog",
  references: ["A dog runs.", "A brown dog."],
};

Deno.test("nextSteps() shows captions with their first references, and commands to copy", () => {
  const given = { run: "data/runs/a", config: "shapes", lastIsBest: true, epochs: 3 };
  assertEquals(nextSteps({ ...given, samples: [sample] }), [
    "Captions of dev photos, on which the best epoch is chosen:",
    "  a dog.jpg",
    "    the run:  a dog",
    "    a person: A dog runs.",
    "",
    "Next:",
    "  caption photos:",
    "    deno task caption --run=a 'photos/a dog.jpg'",
    "  try it in a browser:",
    "    deno task serve --run=a",
    "  see captions beside photos:",
    "    jupyter lab notebooks/05_evaluate.ipynb",
    "  look at the run:",
    "    deno task runs show a",
    "  compare it with another:",
    "    deno task runs compare a OTHER",
    "  train longer:",
    "    the same command with --training.epochs=6",
  ]);
  const mine = nextSteps({ ...given, config: "mine.json", samples: [], lastIsBest: false });
  assert(mine.includes("    SHOWTELL_CONFIG=mine.json jupyter lab notebooks/05_evaluate.ipynb"));
  assert(mine.includes("    deno task caption --run=a PHOTO.jpg"));
  assert(!mine.some((line) => line.includes("--training.epochs")));
  const changed = nextSteps({ ...given, config: undefined, samples: [] });
  assert(!changed.some((line) => line.includes("jupyter"))); // it would open another run
});

Deno.test("nextSteps() quotes a photo's name so that a shell reads it as it is", () => {
  const sample = { caption: "a", references: ["a"] };
  const steps = (photo: string) =>
    nextSteps({
      run: "r",
      samples: [{ ...sample, photo }],
      lastIsBest: false,
      epochs: 1,
    }).find((line) => line.includes("deno task caption"))!;
  assert(steps("it's.jpg").endsWith(` 'it'\\''s.jpg'`));
  assert(steps("it's\\\x1b\n.jpg").endsWith(` $'it\\'s\\\\\\x1b\\n.jpg'`));
});
