import { join } from "node:path";
import { folderSize, sha256 } from "../storage/mod.ts";
import { wordList } from "../text/mod.ts";
import { AND } from "./ensemble_name.ts";
import type { MemberOfEnsemble } from "./evaluation.ts";
import { readEvaluations, RunEvaluation } from "./evaluation_record.ts";
import { type ListedRun, locateRun } from "./list_runs.ts";
import type { Run } from "./run.ts";
import { type RunPaths, runPaths } from "./run_files.ts";

/** Name of the folder of all ensembles, in the data folder. */
const ENSEMBLES = "ensembles";

/** Several trained runs that caption together; only its evaluations are on disk. */
export class RunEnsemble {
  /** In the order of their names, so that it does not matter in which they were given. */
  readonly runs: readonly Run[];
  /** `first+second`. */
  readonly name: string;
  /** Where its evaluations lie. */
  readonly folder: string;
  readonly #paths: RunPaths;

  /**
   * Reads and writes nothing yet.
   *
   * @throws {RangeError} if two have one name
   */
  constructor(runs: readonly Run[], data: string) {
    this.runs = runs.toSorted((a, b) => a.name < b.name ? -1 : 1);
    for (const [i, { name, folder }] of this.runs.entries()) {
      const next = this.runs[i + 1];
      if (next?.name !== name) continue;
      throw new RangeError(
        `An ensemble takes runs of different names, and ${
          wordList([folder, next.folder], "and")
        } are both called ${name}: name another one`,
      );
    }
    this.name = this.runs.map(({ name }) => name).join(AND);
    this.folder = join(data, ENSEMBLES, this.name);
    this.#paths = runPaths(this.folder);
  }

  /** Its runs with the digests of their weights. */
  async members(): Promise<MemberOfEnsemble[]> {
    return await Promise.all(
      this.runs.map(async (run) => ({ name: run.name, checkpoint: await run.bestDigest() })),
    );
  }

  /** Digest of all weights. */
  async checkpoint(): Promise<string> {
    return sha256(JSON.stringify(await this.members()));
  }

  /** Its evaluation of that name, `<data set>-<split>`, done or to be done. */
  evaluation(name: string): RunEvaluation {
    return new RunEvaluation(this.#paths, name, { isEnsemble: true });
  }

  /** As a run among others, with its scores and the config of its first run. */
  async describe(): Promise<ListedRun> {
    const config = await this.runs[0].readConfig();
    const { evaluations, problems } = await readEvaluations(
      this.#paths,
      config.dataset.kind,
      await this.checkpoint(),
    );
    return {
      name: this.name,
      folder: this.folder,
      config,
      epochsDone: 0,
      isInUse: false,
      evaluations,
      warnings: problems,
      date: new Date(0),
      bytes: await folderSize(this.folder).catch(() => 0),
    };
  }
}

/** The runs that a name means: several where it is an ensemble's, `first+second`. */
export async function locateRuns(data: string, given: string): Promise<Run[]> {
  const names = /[\\/]/.test(given) ? [given] : given.split(AND);
  return await Promise.all(names.map((name) => locateRun(data, name)));
}
