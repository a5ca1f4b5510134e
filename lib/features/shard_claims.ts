import type { Listener } from "../progress/mod.ts";
import { lockFolder, openLocked } from "../storage/mod.ts";
import { shardFiles, shardNumbers } from "./shard_record.ts";

/** Milliseconds to wait for the lock of a cache's folder, which is held only to claim a shard. */
export const PATIENCE = 3000;

/** A shard that one process is filling. */
export interface Claim {
  /** The process. */
  pid: number;
  /** Since when. */
  started: string;
  /** Digests of the photos. */
  photos: string[];
}

/**
 * Claims a shard until the result is disposed of or the process dies; call it under the folder's
 * lock.
 *
 * @param photos digests of the photos, which others leave alone meanwhile
 */
export async function claimShard(
  folder: string,
  number: number,
  photos: string[],
): Promise<Disposable> {
  const path = shardFiles(folder, number).claim;
  const file = await openLocked(path);
  if (file === undefined) throw new Error(`${path} is locked: choose another shard`);
  const claim: Claim = { pid: Deno.pid, started: new Date().toISOString(), photos };
  await Deno.writeTextFile(path, JSON.stringify(claim) + "\n");
  return { [Symbol.dispose]: () => release(path, file) };
}

/**
 * The claims that are held, by their shards' numbers; those of dead processes are reported to `say`
 * and removed. Call it under the folder's lock.
 */
export async function heldClaims(
  folder: string,
  { say }: Pick<Listener, "say"> = {},
): Promise<Map<number, Claim>> {
  const held = new Map<number, Claim>();
  for (const number of await shardNumbers(folder, "claim")) {
    const path = shardFiles(folder, number).claim;
    const file = await openLocked(path);
    const claim = await readClaim(path);
    if (file === undefined) {
      if (claim !== undefined) held.set(number, claim); // otherwise it was released just now
      continue;
    }
    if (claim !== undefined) {
      say?.(
        `${folder}: process ${claim.pid}, which was filling it, ended early; resuming from there`,
      );
    }
    release(path, file);
  }
  return held;
}

/**
 * Locks a folder of features that no process is filling.
 *
 * @throws {Error} naming the process that fills it, if one does
 */
export async function lockCache(folder: string): Promise<Disposable> {
  const lock = await lockFolder(folder, { patience: PATIENCE });
  const [claim] = (await heldClaims(folder)).values();
  if (claim === undefined) return lock;
  lock[Symbol.dispose]();
  throw new Error(
    `${folder} is in use by process ${claim.pid} since ${claim.started}: wait until it ends, or ` +
      "stop it",
  );
}

async function readClaim(path: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function release(path: string, file: Deno.FsFile): void {
  try {
    Deno.removeSync(path); // while still locked: nobody else can have begun to use it
  } catch {
    // The folder may have been removed as a whole.
  }
  file.close();
}
