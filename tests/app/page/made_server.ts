import { bundlePage, type PageFile } from "../../../app/page/bundle_page.ts";
import { examplePhotos, readExamplePhoto } from "../../../app/examples/photos.ts";
import type { ModelCard } from "../../../app/engine/caption_engine.ts";
import { drawScene, randomScenes } from "../../../lib/datasets/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { madeCard } from "../made_engine.ts";

/** What the made server does otherwise. */
export interface MadeServerOptions {
  /** Whether photos may be given by their address. @default {false} */
  urls?: boolean;
  /** Milliseconds before each step and each word. @default {0} */
  slow?: number;
  /** @default {two runs: drawn shapes, and photos} */
  models?: ModelCard[];
  /** @default {8 MB} */
  photoBytes?: number;
}

/** The page's Content-Security-Policy: nothing inline, nobody else. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'";

/** Figures of epochs as a run has them. */
const history = Array.from({ length: 12 }, (_, epoch) => ({
  epoch,
  loss: 0.6 + 3 * Math.exp(-epoch / 3),
  val_loss: 0.8 + 2.8 * Math.exp(-epoch / 2.5) + (epoch > 8 ? 0.03 * (epoch - 8) : 0),
  learning_rate: epoch < 8 ? 1e-3 : 5e-4,
}));

/** Cards of the two made runs. */
export const madeModels: ModelCard[] = [
  madeCard("flickr8k_mobilenet", {
    description: "MobileNetV2 features and a merge decoder, trained on Flickr8k's 6,000 photos.",
    dataset: "flickr8k",
    trainPhotos: 6000,
    encoder: "mobilenet_v2",
    parameters: 4_310_778,
    vocabulary: 7_371,
    history,
    evaluations: {
      "flickr8k-test": {
        split: "test",
        photos: 1000,
        signature: "bleu 1-4, nltk 3.9, smoothing none, lowercase, beam 3",
        captionsPerSecond: 210,
        scores: { "bleu-1": 0.612, "bleu-2": 0.43, "bleu-3": 0.297, "bleu-4": 0.201 },
      },
    },
    weaknesses: [
      "It learned from photos of people and dogs; of other things it speaks in those words.",
    ],
  }),
  madeCard("shapes", {
    history: history.slice(0, 5),
    decoding: { beam: 1, lengthNormalisation: 0, maxLength: 12 },
  }),
];

const words: [string, number][] = [
  ["a", 0.83],
  ["brown", 0.44],
  ["dog", 0.93],
  ["runs", 0.52],
  ["through", 0.66],
  ["the", 0.97],
  ["grass", 0.27],
];

/** A server with the API of the real one, and answers by rule: for the page's tests alone. */
export class MadeServer {
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Fields of the requests for captions. */
  readonly searches: Record<string, string>[] = [];
  /** Requests whose client left. */
  left = 0;
  readonly #options: MadeServerOptions;
  readonly #files: ReadonlyMap<string, PageFile>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Starts one on a free port. */
  static async start(options: MadeServerOptions = {}): Promise<MadeServer> {
    return new MadeServer(options, await bundlePage());
  }

  private constructor(options: MadeServerOptions, files: ReadonlyMap<string, PageFile>) {
    this.#options = options;
    this.#files = files;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  /** Where it listens. */
  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.asked.push(pathname);
    const file = this.#files.get(pathname);
    if (file !== undefined) {
      return new Response(file.body, {
        headers: { "Content-Type": file.type, "Content-Security-Policy": POLICY },
      });
    }
    const { models = madeModels, urls = false, photoBytes = 8e6 } = this.#options;
    if (pathname === "/api/model") {
      return Response.json({ models, urls, limits: { photos: 64, photoBytes } });
    }
    if (pathname === "/api/examples") return Response.json({ examples: examples() });
    if (pathname.startsWith("/api/examples/photos/")) {
      const id = pathname.split("/").at(-1)!.replace(".jpg", "");
      return new Response(await readExamplePhoto(id), {
        headers: { "Content-Type": "image/jpeg" },
      });
    }
    if (pathname.startsWith("/api/examples/drawn/")) {
      const [scene] = randomScenes(1, new Random(Number(pathname.split("/").at(-1)), "made"));
      const png = await drawScene(scene, { size: 256 }) as Uint8Array<ArrayBuffer>;
      return new Response(png, { headers: { "Content-Type": "image/png" } });
    }
    if (pathname === "/api/preview") {
      return new Response(await readExamplePhoto("coffee"), {
        headers: { "Content-Type": "image/jpeg" },
      });
    }
    if (pathname === "/api/regions") return Response.json(regionsOf((await request.json()).words));
    if (pathname === "/api/captions") return await this.#caption(request);
    return Response.json({ error: "There is no such page." }, { status: 404 });
  }

  async #caption(request: Request): Promise<Response> {
    const [name, fields, size] = await read(request);
    this.searches.push(fields);
    const { slow = 0 } = this.#options;
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, slow));
    let isLeft = false;
    const events = async function* () {
      for (const [step, milliseconds] of [["queued", 1], ["reading", 14], ["features", 92]]) {
        await pause();
        yield ["step", { photo: 0, step, milliseconds }];
      }
      if (size < 100) {
        const error = "It is not a photo in a supported format: JPEG, PNG, WebP, AVIF, GIF, TIFF.";
        yield ["caption", { index: 0, photo: name, error }];
        return;
      }
      for (const [word, probability] of words) {
        await pause();
        if (isLeft) return;
        yield ["word", { photo: 0, word, probability }];
      }
      await pause();
      yield ["step", { photo: 0, step: "words", milliseconds: 41 }];
      yield ["caption", { index: 0, photo: name, ...captionOf(fields) }];
      yield ["done", {}];
    };
    const running = events();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { value, done } = await running.next();
        if (done) return controller.close();
        const [event, data] = value;
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
      },
      cancel: () => {
        isLeft = true;
        this.left++;
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }
}

async function read(request: Request): Promise<[string, Record<string, string>, number]> {
  if (request.headers.get("Content-Type")?.includes("json")) {
    const { photos: [{ url }], ...fields } = await request.json();
    return [url, fields, 1000];
  }
  const form = await request.formData();
  const photo = form.get("photos") as File;
  const fields = [...form].filter(([, value]) => typeof value === "string");
  return [photo.name, Object.fromEntries(fields) as Record<string, string>, photo.size];
}

function captionOf({ model, beam = model === "shapes" ? "1" : "3" }: Record<string, string>) {
  const own = (model === "shapes" ? words.slice(0, 3) : [["a", 0.86], ...words.slice(1)])
    .map(([word, probability]) => ({ word: String(word), probability: Number(probability) }));
  const caption = own.map(({ word }) => word).join(" ");
  const greedy = "a brown dog runs through the water";
  const others = [greedy, "a dog runs through the grass", "a brown dog is running in a field"];
  return {
    caption,
    logProbability: -4.31,
    words: own,
    alternatives: others.slice(0, Number(beam) - 1)
      .map((caption, i) => ({ caption, logProbability: -4.52 - 0.41 * i })),
    steps: { reading: 14, features: 92, words: 63 },
    details: {
      greedy: { caption: greedy, logProbability: -4.52, words: own },
      nearest: [
        {
          similarity: 0.87,
          captions: ["A brown dog is running through tall grass .", "A dog runs ."],
        },
        { similarity: 0.81, captions: ["The dog is playing in a field ."] },
      ],
      timesInTraining: model === "shapes" ? 12 : 0,
      novelty: model === "shapes" ? 0.995 : 0.42,
    },
  };
}

function regionsOf(words: string[]) {
  const regions = (at: number) =>
    Array.from({ length: 49 }, (_, i) => {
      const [x, y] = [i % 7 - (at % 5) - 1, Math.floor(i / 7) - 3];
      return Math.exp(-(x * x + y * y) / 3);
    });
  return {
    kind: "occlusion",
    rows: 7,
    columns: 7,
    words: words.map((word, i) => ({ word, regions: regions(i) })),
  };
}

function examples() {
  return [
    ...examplePhotos.map(({ id, title, author, licence }) => ({
      id,
      kind: "photo",
      title,
      url: `/api/examples/photos/${id}`,
      source: `${author}, ${licence}`,
    })),
    { id: "drawn-7", kind: "drawn", title: "Drawn shapes", url: "/api/examples/drawn/7" },
  ];
}
