import { assertEquals } from "./assert.ts";
import { granted } from "./permissions.ts";
import { sourceFiles, withoutComments } from "./source_files.ts";

/** Files that write to a terminal by themselves, and why nothing from outside is in what they write. */
const THEMSELVES: Record<string, string> = {
  "lib/cli/print_line.ts": "shows what a terminal would obey: all others print through it",
  "lib/cli/task_command.ts": "help, shown in the same way",
  "lib/cli/progress.ts": "gives standard error to the bar, whose words are shown in the same way",
  "lib/cli/check_deno.ts": "one sentence of its own, before any module is loaded",
  "lib/notebook/print_line.ts": "shows what a terminal would obey: notebooks print through it",
  "lib/notebook/kernel.ts": "the text of what is displayed, shown in the same way",
  "lib/engine/probe_arithmetic.ts": "JSON for the process that started it",
  "lib/engine/probe_gpu.ts": "JSON for the process that started it",
  "lib/engine/probe_library.ts": "JSON for the process that started it",
  "app/server/service.ts": "for programs that pass no onFault; the task passes one",
  "app/page/programs/javascript.ts": "a program that the page shows",
  "tasks/doc_lint.ts": "what Deno says of the project's own sources",
  "tasks/page_pictures.ts": "the name of its folder",
  "tasks/pictures.ts": "the name of its folder",
  "tasks/train_shapes_encoder.ts": "numbers that it has found itself",
};

const WRITES = /\bconsole\.|\bDeno\.std(out|err)\.write|\bprocess\.std(out|err)\b/;

Deno.test({
  name: "what is printed goes through printLine(), printErrorLine() or printJson()",
  ignore: !granted("read"),
  fn: async () => {
    const found = (await sourceFiles("lib", "app", "tasks"))
      .filter(({ text }) => WRITES.test(withoutComments(text))).map(({ file }) => file);
    assertEquals(found.filter((file) => !(file in THEMSELVES)), [], "print through lib/cli");
    assertEquals(Object.keys(THEMSELVES).filter((file) => !found.includes(file)), [], "needless");
  },
});
