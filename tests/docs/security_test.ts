/**
 * Compares the table in docs/security.md with deno.json. With `-- write` it writes the table:
 * `deno test -A tests/docs/security_test.ts -- write`.
 */
import { markdownTable } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const root = new URL("../../", import.meta.url);
const page = new URL("docs/security.md", root);
const ignore = !granted("read");

type Permission = boolean | string[] | undefined;

interface DenoJson {
  permissions: Record<string, Record<string, Permission>>;
  tasks: Record<string, { command: string }>;
}

const HEAD = ["task", "reads", "writes", "runs", "reaches", "native code"];
const REWRITE = "deno test -A tests/docs/security_test.ts -- write";

/** What a task's commands may do together, a cell each. */
function cells({ command }: { command: string }, { permissions }: DenoJson): string[] {
  const sets = [...command.matchAll(/-P=(\w+)/g)].map(([, name]) => permissions[name]);
  const writes = [...command.matchAll(/--allow-write=(\S+)/g)]
    .flatMap(([, paths]) => paths.replaceAll("$HOME", "~").split(","));
  const all = (name: string, more: string[] = []): Permission => {
    const values = sets.map((set) => set[name]);
    if (values.includes(true)) return true;
    return [...new Set([...values.flatMap((value) => value ? value as string[] : []), ...more])];
  };
  return [
    show(all("read"), "everything"),
    show(all("write", writes), "everything"),
    show(all("run"), "every program"),
    show(all("net"), "the network"),
    show(all("ffi"), "yes", "no"),
  ];
}

function show(value: Permission, everything: string, nothing = "nothing"): string {
  if (value === true) return everything;
  return (value as string[]).map((each) => `\`${each}\``).join(", ") || nothing;
}

/** The table, as `deno fmt` writes it; tasks that may do the same share a row. */
function table(deno: DenoJson): string {
  const rows = new Map<string, string[]>();
  for (const [name, task] of Object.entries(deno.tasks)) {
    const row = cells(task, deno).join(" | ");
    if (!task.command.includes("-P=")) continue; // it starts other tasks
    // Those that may do everything are many, and none of a user's.
    const shown = task.command.includes("-P=machine")
      ? "tests, notebooks, pictures"
      : `\`${name}\``;
    rows.set(row, [...new Set([...rows.get(row) ?? [], shown])]);
  }
  const lines = [HEAD, ...[...rows].map(([row, names]) => [names.join(", "), ...row.split(" | ")])];
  return markdownTable(lines).join("\n");
}

const TABLE = /^\| task .*(?:\n\|.*)+/m;

if (granted("read", "write") && Deno.args.includes("write")) {
  const deno = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const text = await Deno.readTextFile(page);
  await Deno.writeTextFile(page, text.replace(TABLE, () => table(deno)));
}

Deno.test({
  name: "docs/security.md says what deno.json lets each task do",
  ignore,
  async fn() {
    const deno: DenoJson = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    const found = TABLE.exec(await Deno.readTextFile(page))?.[0];
    assertEquals(found, table(deno), `write it again by \`${REWRITE}\``);
  },
});
