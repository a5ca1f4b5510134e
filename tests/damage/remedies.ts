import { basename, join } from "node:path";
import { prepareData, throughEvaluation } from "../../lib/stages/mod.ts";
import { run } from "../tasks/task.ts";
import type { RunName, World } from "./world.ts";

/**
 * Does what an error says, by its words alone.
 *
 * @param damaged the file, relative to the folder
 * @returns what was done; undefined if the sentence names nothing that can be done
 */
export async function follow(
  world: World,
  error: string,
  damaged: string,
): Promise<string | undefined> {
  const path = join(world.folder, damaged);
  const owner = /data\/runs\/(\w+)/.exec(damaged)?.[1] as RunName | undefined;
  const commands = [...error.matchAll(/`deno task ([^`]*)`/g)].map(([, command]) =>
    command === "train" && error.includes("with the config that made the run")
      ? `train --config=${owner}.json`
      : command
  );
  const target = /\bdelete (?:the folder |the run |the file )?(\S+?)[,;.]?(?: |$)/.exec(error)?.[1];
  if (/move it (away|elsewhere)/.test(error)) {
    await Deno.rename(path, join(world.folder, "..", `moved-${basename(path)}`)).catch(() => {});
    await Deno.remove(join(world.folder, "..", `moved-${basename(path)}`), { recursive: true })
      .catch(() => {});
    return "moved it away";
  }
  if (commands.length > 0) {
    for (const command of commands.slice(0, 1)) {
      const { code, err } = await run(world.folder, ...command.split(/\s+/) as [string]);
      if (code === 0) continue;
      // A folder with files in a file's place is for its owner to move.
      const next = /^Error: (.*move it away)$/m.exec(err)?.[1];
      if (next === undefined) return `deno task ${command}: exit code ${code}: ${err}`;
      return `${await follow(world, next, damaged)}, then ${await follow(world, error, damaged)}`;
    }
    return commands[0];
  }
  if (target !== undefined && target !== "it") {
    await Deno.remove(target.startsWith("/") ? target : join(world.folder, target), {
      recursive: true,
    });
    return `deleted ${target}`;
  }
  if (/\bdelete (it|the file)\b/.test(error)) {
    await Deno.remove(path, { recursive: true });
    return `deleted ${damaged}`;
  }
  if (/\bimport the run('s files)? again, with --overwrite/.test(error)) {
    if (owner === "old") await world.importAgain();
    else {
      const { code, err } = await run(
        world.folder,
        "train",
        `--config=${owner}.json`,
        "--overwrite",
      );
      if (code !== 0) return `trained it again: exit code ${code}: ${err}`;
    }
    return "made it again";
  }
  if (/(restore|backup|put (it|the file) back|copy of)/.test(error)) {
    await world.restoreFile(damaged);
    return `restored ${damaged}`;
  }
  if (/train (it|the run) (again|first)/.test(error) && owner !== undefined) {
    await throughEvaluation(await world.experiment(owner, () => {}), { overwrite: false });
    return `trained ${owner}`;
  }
  if (/prepare (it|the data|the data set) (again|first)/.test(error)) {
    const name = damaged.includes("shapes") ? "tiny" : "child";
    await prepareData(await world.experiment(name, () => {}));
    return `prepared the data of ${name}`;
  }
  if (/choose another --output/.test(error)) return undefined;
  if (
    /run (it|the (same )?(task|command)) again|\brun again\b|cache the features again/.test(error)
  ) return "ran it again";
}
