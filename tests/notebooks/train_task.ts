import { assert } from "../assert.ts";

const root = new URL("../../", import.meta.url).pathname;

/** Runs `deno task train` as from a folder, and returns what it says. */
export async function trainTask(cwd: string, config: string, more: string[] = []): Promise<string> {
  const args = ["run", "-A", `--config=${root}deno.json`, `${root}tasks/train.ts`];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "--config", config, ...more],
    cwd,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr);
  assert(success, said);
  return said;
}
