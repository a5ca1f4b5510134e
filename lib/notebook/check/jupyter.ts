import { readTextIfAny } from "../../storage/mod.ts";

/** Keeps the kernel's process id, for {@linkcode endKernel}. */
const START = 'echo $$ > "$0"; exec "$1" jupyter --kernel --conn "$2"';

/**
 * Environment variables with which a `jupyter` command finds this very Deno as the kernel `deno`.
 * The user's own kernels and settings are neither used nor changed: `deno jupyter --install` would
 * write to the user's folder.
 *
 * @param folder an empty folder that outlives the command
 */
export async function jupyterEnvironment(folder: string): Promise<Record<string, string>> {
  await Deno.mkdir(`${folder}/path/kernels/deno`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/path/kernels/deno/kernel.json`,
    JSON.stringify({
      argv: ["sh", "-c", START, `${folder}/kernel.pid`, Deno.execPath(), "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
    }),
  );
  return {
    JUPYTER_PATH: `${folder}/path`,
    JUPYTER_CONFIG_DIR: `${folder}/config`,
    JUPYTER_DATA_DIR: `${folder}/data`,
    JUPYTER_RUNTIME_DIR: `${folder}/runtime`,
    NO_COLOR: "1",
  };
}

/**
 * Ends the kernel that was last started in this environment: an interrupted `jupyter` command leaves
 * its kernel running.
 *
 * @param folder the environment's folder
 */
export async function endKernel(folder: string): Promise<void> {
  const id = Number(await readTextIfAny(`${folder}/kernel.pid`));
  if (!(id > 0)) return; // none was started
  try {
    Deno.kill(id, "SIGTERM");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // it has ended by itself
  }
}

/** The path of a command on PATH; undefined if it is not found. */
export async function findCommand(name: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":").filter((each) => each !== "")) {
    const path = `${folder}/${name}`;
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isFile && ((info.mode ?? 0) & 0o111) !== 0) return path;
  }
  return undefined;
}
