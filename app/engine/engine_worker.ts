/// <reference lib="deno.worker" />
/** The thread that computes; `startCaptionEngine` is the other end. */
import { startEngine } from "../../lib/engine/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { checkPhotoRun } from "../../lib/stages/mod.ts";
import type { Failure, Order, OrderName, Orders, Report } from "./engine_messages.ts";
import { LoadedEngine } from "./loaded_engine.ts";
import { isSet } from "./shared_flags.ts";

function tell(report: Report): void {
  self.postMessage(report);
}

/** What does each order; it takes the engine that the first order loads. */
function createHandlers() {
  let loaded: LoadedEngine;
  const say = (line: string) => tell({ kind: "say", line });
  const handlers: {
    [Name in OrderName]: (
      order: Orders[Name]["order"],
      id: number,
    ) => Promise<Orders[Name]["answer"]>;
  } = {
    async start(order) {
      // Before an engine is looked for, or even downloaded.
      for (const folder of order.runs) await checkPhotoRun(new Run(folder));
      const engine = await startEngine({ say });
      loaded = await LoadedEngine.load({
        ...order,
        engine,
        say,
        onProgress: (...progress) => tell({ kind: "progress", progress }),
      });
      return loaded.cards;
    },
    captions: ({ photos, options, unwanted }, id) =>
      loaded.captionBatch(photos, options, {
        isUnwanted: (photo) => isSet(unwanted, photo),
        onEvent: (photo, event) => tell({ kind: "event", id, photo, event }),
      }),
    regions: ({ photo, words, model, unwanted }) =>
      loaded.wordRegions(photo, words, model, () => isSet(unwanted, 0)),
    drawing: ({ seed }) => loaded.drawShapes(seed),
    devPhoto: ({ model, name }) => loaded.devPhoto(model, name),
    async end() {
      await loaded?.dispose();
      return undefined;
    },
  };
  const afterwards = (name: OrderName) => {
    if (name === "start") setTimeout(() => loaded.readMemories());
  };
  return { handlers, afterwards };
}

const { handlers, afterwards } = createHandlers();

self.onmessage = async ({ data: { id, name, order } }: MessageEvent<Order>) => {
  try {
    const handle = handlers[name] as (order: unknown, id: number) => Promise<never>;
    tell({ kind: "answer", id, answer: await handle(order, id) });
    afterwards(name);
  } catch (error) {
    const { name, message, reason } = error as Failure;
    tell({ kind: "failure", id, error: { name, message, reason } });
  }
};
