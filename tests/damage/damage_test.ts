import { Random } from "../../lib/random/mod.ts";
import { assertEquals } from "../assert.ts";
import { countOf, numberOption, seed } from "../sample.ts";
import { ignore } from "../tasks/task.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { damageKinds, kindOfFile } from "./damages.ts";
import { type Case, judge } from "./judge.ts";
import { type Work, works } from "./works.ts";
import { World } from "./world.ts";

const count = countOf("damages", { few: 10, all: 500 });
/** One case alone, as it was named when it failed. */
const only = numberOption("only", -1);

/** The share of cases that start the real task, and of those that run the notebook. */
const REAL = 0.12, NOTEBOOK = 0.04;

/** Up to so many damages take no longer than any test. */
const FEW = 50;

Deno.test({
  name: `no damage below data/ misleads a task (${count} damages, seed ${seed})`,
  ignore,
  fn: async () => {
    await using world = await World.make(count > FEW);
    const known = new Map<Work, Attempt>();
    const wrong: string[] = [];
    for (let number = 0; number < count; number++) {
      if (only >= 0 && number !== only) continue;
      const random = new Random(seed, "damage", number);
      const one = drawCase(world, random);
      for (const work of one.works) {
        if (known.has(work)) continue;
        const whole = await attempt(world, work, false);
        if (whole.error !== undefined) throw new Error(`${work.name}, undamaged: ${whole.error}`);
        known.set(work, { ...whole, changed: await world.changed() });
        await world.restore();
      }
      const found = await judge(world, one, (work) => known.get(work)!, random);
      wrong.push(...found.map((line) => `${number}: ${line}`));
      if (count > FEW) tell(`${number}${found.map((line) => `\n  ${line}`).join("")}\n`);
    }
    assertEquals(wrong, []);
  },
});

/** Long matrices tell how far they are; `console` would be held back until the end. */
function tell(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

/** Each kind of file is as likely as another, however many there are of it. */
function drawCase(world: World, random: Random): Case {
  const kinds = Map.groupBy(world.files, kindOfFile);
  const file = random.choice(kinds.get(random.choice([...kinds.keys()]))!);
  const byNotebook = random.uniform() < NOTEBOOK;
  const chosen = works.filter(({ name, notebook }) =>
    (notebook !== undefined) === byNotebook && (count > FEW || !name.endsWith("tfjs"))
  );
  const isReal = random.uniform() < REAL;
  return {
    file,
    kind: random.choice(damageKinds),
    works: random.shuffled(chosen).slice(0, isReal ? 1 : 2),
    isReal,
  };
}
