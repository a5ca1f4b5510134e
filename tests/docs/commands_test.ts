/** What the pages tell people to type names tasks, options and configs that exist. */
import { configKeys } from "../../lib/config/mod.ts";
import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, run } from "../tasks/task.ts";
import { commandsIn } from "./commands.ts";

const root = new URL("../../", import.meta.url).pathname;

async function pages(): Promise<[name: string, text: string][]> {
  const names = ["README.md", "data/README.md"];
  for await (const { name } of Deno.readDir(`${root}docs`)) {
    if (name.endsWith(".md")) names.push(`docs/${name}`);
  }
  return await Promise.all(
    names.sort().map(async (name): Promise<[string, string]> => [
      name,
      await Deno.readTextFile(root + name),
    ]),
  );
}

Deno.test("commandsIn() takes the lines of sh blocks and commands within the text", () => {
  const page =
    "See `deno task b --x`, not `b`.\n\n```sh\ndeno task a \\\n  --long  # why\n\npip x\n" +
    "```\n\n```ts\nno();\n```\n";
  assertEquals(commandsIn(page), ["deno task a --long", "pip x", "deno task b --x"]);
});

Deno.test({
  name: "README, docs: every command names a task, options and a config that exist",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
      const keys = configKeys().map((key) => `--${key}`);
      const help = new Map<string, string>();
      const problems: string[] = [];
      let checked = 0;
      for (const [page, text] of await pages()) {
        for (const command of commandsIn(text)) {
          const [, task, options] =
            command.match(/^(?:deno|npx --yes deno@[\d.]+) task (\S+)(.*)$/) ??
              [];
          if (task === undefined) continue;
          checked++;
          if (!(task in tasks)) {
            problems.push(`${page}: ${command}: there is no task ${task}`);
            continue;
          }
          if (task === "bench") continue; // its programs have options of their own, and no help
          for (const [, option] of options.matchAll(/\s(--[\w.-]+)/g)) {
            if (keys.some((key) => key === option || key.startsWith(`${option}.`))) continue;
            if (!help.has(task)) {
              const { out, err } = await run(folder, task, "--help");
              help.set(task, out + err);
            }
            if (!new RegExp(`(^|\\s)${option}\\b`, "m").test(help.get(task)!)) {
              problems.push(`${page}: ${command}: ${task} has no ${option}`);
            }
          }
          const config = options.match(/--config (\w+)/)?.[1];
          if (config !== undefined && !await exists(`${root}configs/${config}.jsonc`)) {
            problems.push(`${page}: ${command}: there is no config ${config}`);
          }
        }
      }
      assertEquals(problems, []);
      assert(checked > 20, `${checked} commands`);
    }),
});

Deno.test({
  name: "README, docs: every link to a file of the project leads to one",
  ignore,
  async fn() {
    const broken: string[] = [];
    for (const [page, text] of await pages()) {
      for (const [, target] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const path = new URL(target, `file://${root}${page}`).pathname;
        if (!await exists(decodeURIComponent(path))) broken.push(`${page}: ${target}`);
      }
    }
    assertEquals(broken, []);
  },
});
