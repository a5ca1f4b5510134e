import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { sampleSome } from "../sample.ts";
import { ADVICE } from "./cases.ts";

const ignore = !granted("read", "write", "run", "env", "ffi", "sys", "net");

/** Share of the cases that is a sample. */
const SHARE = 0.05;

Deno.test({
  name: "what errors and hints advise is done, and helps: a sample, or with `-- all` everything",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "showtell-advice-" });
    try {
      const cases = sampleSome(Object.keys(ADVICE), SHARE, "advice");
      const root = fileURLToPath(new URL("../../", import.meta.url));
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "-P=machine", "--no-prompt", "--no-check", `--config=${root}deno.json`]
          .concat(`${root}tests/advice/try_advice.ts`, folder, ...cases),
        cwd: folder,
        stdin: "null",
      }).output();
      const err = new TextDecoder().decode(stderr);
      assertEquals(code, 0, err);
      const tried = new TextDecoder().decode(stdout).trim().split("\n")
        .map((line) => JSON.parse(line) as { case: string; problem?: string });
      assertEquals(tried.filter(({ problem }) => problem !== undefined), []);
      assertEquals(new Set(tried.map((each) => each.case)), new Set(cases), err);
      assert(tried.length >= cases.length);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
