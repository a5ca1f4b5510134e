import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

interface DenoJson {
  permissions: Record<string, Record<string, unknown>>;
  tasks: Record<string, { command: string }>;
  test?: unknown;
}

const ignore = !granted("read");
const file = new URL("../../deno.json", import.meta.url);
const read = async () => JSON.parse(await Deno.readTextFile(file)) as DenoJson;

const CHECK = "deno run -q --no-config lib/cli/check_deno.ts && ";

/** The commands of tasks that run code of this project, with their words. */
function programs({ tasks }: DenoJson): [name: string, words: string[]][] {
  return Object.entries(tasks).flatMap(([name, { command }]) =>
    command.slice(CHECK.length).split(" && ")
      .filter((each) => /^deno (run|test) /.test(each))
      .map((each): [string, string[]] => [name, each.split(" ")])
  );
}

Deno.test({
  name: "every task runs with a named permission set, never with all permissions",
  ignore,
  async fn() {
    const deno = await read();
    const used = programs(deno).map(([name, words]) => {
      const [set, ...more] = words.filter((word) => word.startsWith("-P="));
      assert(set !== undefined && more.length === 0, name);
      const allowed = words.filter((word) => /^(-A|--allow-)/.test(word));
      // A set cannot name the user's cache folder, as it expands no variables.
      assert(allowed.every((word) => /^--allow-write=\S/.test(word)), `${name}: ${allowed}`);
      return set.slice("-P=".length);
    });
    assertEquals([...new Set(used)].sort(), Object.keys(deno.permissions).sort());
  },
});

Deno.test({
  name: "tasks that only read and write files under data/ may do nothing else",
  ignore,
  async fn() {
    const deno = await read();
    for (const [task, words] of programs(deno)) {
      if (task !== "score" && task !== "runs") continue;
      assert(words.includes("-P=files"), task);
      const writes = words.filter((word) => word.startsWith("--allow-write"));
      assertEquals(writes, task === "score" ? [] : ["--allow-write=data"]);
    }
    assertEquals(deno.permissions.files, { read: true });
  },
});

Deno.test({
  name: "a bare `deno test` starts: deno.json sets no permissions for it",
  ignore,
  fn: async () => assertEquals((await read()).test, undefined),
});

Deno.test({
  name: "every task first says what an old Deno lacks",
  ignore,
  async fn() {
    for (const [name, { command }] of Object.entries((await read()).tasks)) {
      assert(command.startsWith(CHECK), name);
    }
  },
});

Deno.test({
  name:
    "only setup may write TensorFlow's library and run package clients; other tasks run deno alone",
  ignore,
  async fn() {
    const deno = await read();
    const tasks = ["train", "prepare", "features", "tokenizer", "evaluate", "caption", "serve"]
      .concat("import", "export", "score", "runs");
    for (const [task, words] of programs(deno)) {
      if (!tasks.includes(task)) continue;
      const set = deno.permissions[words.find((word) => word.startsWith("-P="))!.slice(3)];
      assert(["[]", '["deno"]'].includes(JSON.stringify(set.run ?? [])), task);
      const writes = words.filter((word) => word.startsWith("--allow-write="));
      assert(!/\.cache\/showtell(,|$)/.test(writes.join()), `${task}: ${writes}`);
      // --out and --output name any file.
      assertEquals(set.write ?? false, task === "caption" || task === "export", task);
    }
    for (const set of ["import", "files", "doctor", "setup", "checks"]) {
      assertEquals(deno.permissions[set].net, undefined, set);
    }
  },
});
