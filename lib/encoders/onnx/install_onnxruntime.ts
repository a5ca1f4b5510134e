import { dirname, join } from "node:path";
import { childEnvironment } from "../../processes/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import { exists } from "../../storage/mod.ts";
import { ONNXRUNTIME_VERSION, onnxruntimeFolder } from "./onnxruntime.ts";

const LOCK = new URL("./onnxruntime.lock.json", import.meta.url);

/**
 * Installs onnxruntime-node by Deno, pinned by version and hashes, without its install script: the
 * library for the processor is in the package.
 *
 * @returns its folder
 * @throws {Error} if the package cannot be downloaded
 */
export async function installOnnxruntime(
  { say = () => {}, signal }: Pick<Listener, "say" | "signal"> = {},
): Promise<string> {
  const folder = onnxruntimeFolder();
  if (await exists(folder)) {
    say(`onnxruntime ${ONNXRUNTIME_VERSION} is already in ${folder}`);
    return folder;
  }
  await Deno.mkdir(dirname(folder), { recursive: true });
  const work = await Deno.makeTempDir({ dir: dirname(folder), prefix: ".setup-" });
  try {
    say(`Downloading onnxruntime ${ONNXRUNTIME_VERSION} (114 MB, once per user)`);
    const config = {
      nodeModulesDir: "auto",
      imports: { "onnxruntime-node": `npm:onnxruntime-node@${ONNXRUNTIME_VERSION}` },
      allowScripts: { allow: [], deny: ["npm:onnxruntime-node"] },
    };
    await Deno.writeTextFile(join(work, "deno.json"), JSON.stringify(config));
    await Deno.writeTextFile(join(work, "deno.lock"), await Deno.readTextFile(LOCK));
    await deno(work, ["install", "--quiet", "--frozen"], signal);
    await Deno.rename(work, folder).catch(async (error) => {
      if (!await exists(folder)) throw error; // otherwise another process was faster
    });
  } finally {
    if (await exists(work)) await Deno.remove(work, { recursive: true });
  }
  say(`onnxruntime ${ONNXRUNTIME_VERSION} is in ${folder}`);
  return folder;
}

async function deno(cwd: string, args: string[], signal?: AbortSignal): Promise<void> {
  const options = { args, cwd, stdin: "null", stdout: "null", stderr: "piped", signal } as const;
  const { success, stderr } = await new Deno.Command("deno", { ...options, ...childEnvironment() })
    .output().catch(() => new Deno.Command(Deno.execPath(), options).output());
  signal?.throwIfAborted();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const reason = lines.findLast((line) => /error|Caused/i.test(line)) ?? lines.at(-1);
  throw new Error(
    `Deno could not download onnxruntime: ${reason?.replace(/^\W*error:?\s*/i, "")}; check the ` +
      "connection, and HTTPS_PROXY or the registry in .npmrc where there is one",
  );
}
