import PQueue from "p-queue";
import type { Encoder } from "../../lib/encoders/mod.ts";
import { drawScene, randomScenes } from "../../lib/datasets/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { decodePhoto } from "../../lib/images/mod.ts";
import type { Listener } from "../../lib/progress/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { wordList } from "../../lib/text/mod.ts";
import { wordRegions } from "../../lib/captioner/mod.ts";
import type {
  BatchOptions,
  ModelCard,
  PhotoOutcome,
  PhotoRegions,
  PhotoRequest,
} from "./caption_engine.ts";
import { type BatchContext, captionPhotos } from "./caption_photos.ts";
import { type LoadedModel, loadModel } from "./loaded_model.ts";
import type { TrainingMemory } from "./training_memory.ts";

/** Options of {@linkcode LoadedEngine.load}. */
export interface LoadedEngineOptions extends Pick<Listener, "say" | "onProgress"> {
  /** Folders of the runs, the default one first. */
  runs: readonly string[];
  /** Where data sets and features may still be. */
  data: string;
  /** What they are run on. */
  engine: Engine;
}

/** Work on TensorFlow that is done first, of what waits. */
const CAPTIONS = 1, REGIONS = 0;

/** The runs in the thread that computes: what the engine's other end asks is done here. */
export class LoadedEngine {
  readonly #models: ReadonlyMap<string, LoadedModel>;
  readonly #memories = new Map<string, Promise<TrainingMemory | undefined>>();
  readonly #say: Required<Listener>["say"];
  /** One computation at a time: two at once would only make both slower. */
  readonly #queue = new PQueue({ concurrency: 1 });

  private constructor(models: ReadonlyMap<string, LoadedModel>, say: Required<Listener>["say"]) {
    this.#models = models;
    this.#say = say;
  }

  /**
   * Loads runs, and captions one photo with each.
   *
   * @throws {RangeError} if one cannot read photos
   * @throws {Error} if one is not trained to its end, or its encoder's weights are others
   */
  static async load(
    { runs, data, engine, say = () => {}, onProgress }: LoadedEngineOptions,
  ): Promise<LoadedEngine> {
    const models = new Map<string, LoadedModel>();
    const encoders = new Map<string, Encoder>();
    onProgress?.("Runs", 0, runs.length);
    for (const folder of runs) {
      const name = freeName(new Run(folder).name, models);
      models.set(name, await loadModel(folder, name, { engine, data, encoders, say, onProgress }));
      onProgress?.("Runs", models.size, runs.length);
    }
    return new LoadedEngine(models, say);
  }

  /** The runs, the default one first. */
  get cards(): ModelCard[] {
    return [...this.#models.values()].map(({ card }) => card);
  }

  /** Reads what training saw, for details that are asked for later. */
  async readMemories(): Promise<void> {
    for (const name of this.#models.keys()) await this.#memoryOf(name);
  }

  /**
   * Captions of a batch of photos.
   *
   * @throws {RangeError} if there is no such model
   */
  async captionBatch(
    photos: readonly PhotoRequest[],
    options: BatchOptions,
    context: Pick<BatchContext, "isUnwanted" | "onEvent">,
  ): Promise<PhotoOutcome[]> {
    return await captionPhotos(this.#model(options.model), photos, options, {
      ...context,
      compute: (work) => this.#queue.add(work, { priority: CAPTIONS }),
      memory: () => this.#memoryOf(options.model),
    });
  }

  /**
   * Where a model looked for each word; captions that come meanwhile are made in between.
   *
   * @throws {RangeError} if there is no such model, or a word that it cannot say
   * @throws {UnreadablePhotoError} if the photo cannot be read
   */
  async wordRegions(
    photo: Uint8Array,
    words: readonly string[],
    model: string,
    isUnwanted: () => boolean,
  ): Promise<PhotoRegions | undefined> {
    const { encoder, captioner, images } = this.#model(model);
    const pixels = await decodePhoto(photo, images);
    const ended = new AbortController();
    const inTurn = {
      imageSize: encoder.imageSize,
      featureShape: encoder.featureShape,
      encode: (pixels: Uint8Array, photos: number) =>
        this.#queue.add(async () => {
          if (isUnwanted()) ended.abort();
          ended.signal.throwIfAborted();
          return await encoder.encode(pixels, photos);
        }, { priority: REGIONS }),
    };
    try {
      return { ...await wordRegions(inTurn, captioner, pixels, words), fit: images.fit };
    } catch (error) {
      if (ended.signal.aborted) return undefined;
      throw error;
    }
  }

  /** A drawn photo as PNG. */
  async drawShapes(seed: number): Promise<Uint8Array> {
    const [scene] = randomScenes(1, new Random(seed, "example"));
    return await drawScene(scene, { format: "png" });
  }

  /** A dev photo of a model's card. */
  async devPhoto(model: string, name: string): Promise<Uint8Array | undefined> {
    const path = this.#models.get(model)?.devPhotos.get(name);
    return path === undefined ? undefined : await Deno.readFile(path).catch(() => undefined);
  }

  /** Frees all weights, once what is being computed has ended. */
  async dispose(): Promise<void> {
    this.#queue.clear();
    await this.#queue.onIdle();
    const models = [...this.#models.values()];
    for (const memory of this.#memories.values()) (await memory)?.[Symbol.dispose]();
    for (const { captioner } of models) captioner.dispose();
    for (const encoder of new Set(models.map(({ encoder }) => encoder))) await encoder.dispose();
  }

  #model(name: string): LoadedModel {
    const model = this.#models.get(name);
    if (model !== undefined) return model;
    const names = wordList([...this.#models.keys()], "and");
    throw new RangeError(`There is no model "${name}"; loaded: ${names}`);
  }

  #memoryOf(name: string): Promise<TrainingMemory | undefined> {
    const { openMemory } = this.#models.get(name)!;
    const memory = this.#memories.get(name) ?? openMemory?.().catch((error: Error) => {
      this.#say(`What ${name} was trained on cannot be compared with: ${error.message}`);
      return undefined;
    }) ?? Promise.resolve(undefined);
    this.#memories.set(name, memory);
    return memory;
  }
}

/** The run's name, with a number where another folder has it too. */
function freeName(name: string, taken: { has(name: string): boolean }): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}
