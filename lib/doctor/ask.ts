import { childEnvironment } from "../processes/mod.ts";
import { unlessNotFound } from "../storage/mod.ts";

/** What a command prints; undefined if it does not exist or fails. */
export async function ask(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args,
      stdin: "null",
      ...childEnvironment(),
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    return unlessNotFound(error);
  }
}
