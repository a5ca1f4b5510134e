import { join } from "node:path";
import {
  type CaptionRow,
  type DatasetSummary,
  photoFolderOf,
  readDatasetTable,
  type Split,
} from "../datasets/mod.ts";
import { digestFile } from "../storage/mod.ts";

/**
 * What stage 1 made. Its captions are read when first asked for, and then shared by the stages that
 * follow, until {@linkcode PreparedData.keep} releases those that are no longer needed.
 */
export class PreparedData {
  /** Where its tables lie. */
  readonly folder: string;
  /** What is in them. */
  readonly summary: DatasetSummary;
  #captions?: Promise<CaptionRow[]>;
  #kept = new Map<Split, CaptionRow[]>();
  /** The train captions' text, which is a tenth of their rows. */
  #trainText?: string;
  #digest?: Promise<string>;

  /** Reads nothing yet. */
  constructor(folder: string, summary: DatasetSummary) {
    this.folder = folder;
    this.summary = summary;
  }

  /** The absolute folder of its photos. */
  get photoFolder(): string {
    return photoFolderOf(this.folder, this.summary);
  }

  /** SHA-256 of its captions.parquet. */
  get digest(): Promise<string> {
    return this.#digest ??= digestFile(join(this.folder, "captions.parquet"));
  }

  /** Every caption, or those of one split, in the order of the table. */
  async captions(split?: Split): Promise<readonly CaptionRow[]> {
    const kept = split === undefined ? undefined : this.#kept.get(split);
    if (kept !== undefined) return kept;
    const rows = await (this.#captions ??= readCaptions(this.folder));
    return split === undefined ? rows : rows.filter((row) => row.split === split);
  }

  /** The text of every train caption. */
  async trainCaptions(): Promise<string[]> {
    if (this.#trainText !== undefined) return this.#trainText.split("\n").filter(Boolean);
    return (await this.captions("train")).map(({ caption }) => caption);
  }

  /** Photos by digest, each with its path in the data set. */
  async photos(): Promise<Map<string, string>> {
    return new Map((await this.captions()).map(({ digest, photo }) => [digest, photo]));
  }

  /**
   * Holds the captions of these splits alone, and the text of train's; all others are read again when
   * asked for. With 200,000 captions all of them take some 100 MB, which training needs.
   */
  async keep(...splits: Split[]): Promise<void> {
    if (this.#captions === undefined) return;
    const rows = await this.#captions;
    this.#kept = new Map(
      splits.map((split) => [split, rows.filter((row) => row.split === split)]),
    );
    this.#trainText = rows.filter(({ split }) => split === "train").map(({ caption }) => caption)
      .join("\n");
    this.#captions = undefined;
  }
}

async function readCaptions(folder: string): Promise<CaptionRow[]> {
  return (await readDatasetTable(folder, "captions")).toRecords() as unknown as CaptionRow[];
}
