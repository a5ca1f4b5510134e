import { listen } from "../../../app/server/mod.ts";
import { assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { isWhole } from "../../sample.ts";
import { madeServer } from "../made_server.ts";

/** Requests generated for each route and phase: more where matrices are tested whole. */
const EXAMPLES = isWhole ? 500 : 10;

Deno.test({
  name:
    "Schemathesis finds no 5xx behind /openapi.json, and no answer that its schemas do not tell of",
  ignore: !granted("read", "ffi", "env", "sys", "net", "run") || !await hasSchemathesis(),
  fn: async () => {
    const faults: unknown[] = [];
    const { server } = madeServer({ onFault: (error) => faults.push(error) });
    const listening = listen(server, { port: 0 });
    const cwd = await Deno.makeTempDir(); // it leaves a cache there
    try {
      const { success, stdout, stderr } = await new Deno.Command("schemathesis", {
        args: [
          ...["run", `${listening.url}openapi.json`, "--seed", "1", "--no-color"],
          ...["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"],
          ...["--max-examples", String(EXAMPLES), "--phases", "examples,coverage,fuzzing"],
          ...["--exclude-path", "/metrics", "--generation-database", "none"],
        ],
        env: { HYPOTHESIS_STORAGE_DIRECTORY: `${cwd}/hypothesis` },
        cwd,
      }).output();
      const decoder = new TextDecoder();
      assertEquals(success, true, decoder.decode(stdout) + decoder.decode(stderr));
      assertEquals(faults, []);
    } finally {
      await listening.stop();
      await Deno.remove(cwd, { recursive: true });
    }
  },
});

async function hasSchemathesis(): Promise<boolean> {
  if (!granted("run")) return false;
  try {
    return (await new Deno.Command("schemathesis", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
