import { fileURLToPath } from "node:url";

/** What a program of `fixtures` ended with. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program of `fixtures` in a process of its own: one process has one engine. */
export async function runFixture(name: string, env: Record<string, string> = {}): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))],
    env: { SHOWTELL_ENGINE: "", SHOWTELL_TENSORFLOW: "", NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
