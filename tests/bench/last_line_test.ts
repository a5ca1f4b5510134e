import { lastLine } from "../../bench/last_line.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "run");

const sh = (script: string) => lastLine(["/bin/sh", "-c", script]);

Deno.test({
  name: "lastLine() takes the last line, whatever stands before it",
  ignore,
  async fn() {
    assertEquals(await sh(`echo begins; echo '{"a": 1, "b": "c"}'`), { a: 1, b: "c" });
  },
});

Deno.test({
  name: "lastLine() of a command that fails gives the error's line, not the stack below it",
  ignore,
  async fn() {
    const python = "echo Traceback >&2; echo 'ImportError: no PIL' >&2; exit 1";
    const deno =
      `printf 'error: Uncaught (in promise) Error: no model\\n  code;\\n  ^\\n    at a.ts:1:1\\n' >&2; exit 1`;
    for (
      const [script, message] of [
        [python, "sh failed (exit code 1): ImportError: no PIL"],
        [deno, "sh failed (exit code 1): error: Uncaught (in promise) Error: no model"],
        ["echo said; exit 2", "sh failed (exit code 2): said"],
        ["exit 2", "sh failed (exit code 2): it wrote nothing"],
        ["echo '[1]'", "sh printed no JSON object as its last line: [1]"],
        ["true", "sh printed no JSON object as its last line: nothing"],
      ]
    ) {
      const error = await assertRejects(() => sh(script), Error);
      assertEquals((error as Error).message, message);
    }
    const none = await assertRejects(() => lastLine(["/no/such/program"]), Error);
    assert((none as Error).message.startsWith("program cannot be started: "));
  },
});
