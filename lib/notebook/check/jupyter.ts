/**
 * Makes the environment in which a `jupyter` command finds this very Deno as the kernel `deno`.
 * The user's own kernels and settings are neither used nor touched: `deno jupyter --install` would
 * write to the user's folder.
 *
 * @param folder an empty one, which must outlive the command
 */
export async function jupyterEnvironment(folder: string): Promise<Record<string, string>> {
  await Deno.mkdir(`${folder}/path/kernels/deno`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/path/kernels/deno/kernel.json`,
    JSON.stringify({
      argv: ["sh", "-c", start, `${folder}/kernel.pid`, Deno.execPath(), "{connection_file}"],
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

/** The kernel's process id is kept, for {@linkcode endKernel}. */
const start = 'echo $$ > "$0"; exec "$1" jupyter --kernel --conn "$2"';

/**
 * Ends the kernel that was started last from this environment: a `jupyter` command that is
 * interrupted leaves its kernel running.
 *
 * @param folder the environment's
 */
export async function endKernel(folder: string): Promise<void> {
  const id = Number(await Deno.readTextFile(`${folder}/kernel.pid`).catch(() => NaN));
  if (!(id > 0)) return; // none was started
  try {
    Deno.kill(id, "SIGTERM");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // ended by itself
  }
}

/** Where a command lies on PATH; undefined where it does not. */
export async function findCommand(name: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":").filter((each) => each !== "")) {
    const path = `${folder}/${name}`;
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isFile && ((info.mode ?? 0) & 0o111) !== 0) return path;
  }
  return undefined;
}
