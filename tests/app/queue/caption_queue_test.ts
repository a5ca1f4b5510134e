import { RequestFailure } from "../../../app/api/request_failure.ts";
import { CaptionQueue, DeadlineError, QUEUE_LIMITS } from "../../../app/queue/mod.ts";
import type { Place, QueueLimits } from "../../../app/queue/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../assert.ts";
import { MadeEngine } from "../made_engine.ts";
import { gate } from "../made_server.ts";

const GREEDY = { model: "shapes", beam: 1, lengthNormalisation: 0 };
const BEAM = { ...GREEDY, beam: 3 };

/** A queue whose batches take by a made clock what they are told to. */
function made(limits: Partial<QueueLimits> = {}, secondsPerPhoto = 0) {
  let now = 0;
  const dropped: string[] = [];
  let passing = () => Promise.resolve();
  const engine = new MadeEngine({
    async pause(step) {
      if (step === "reading") await passing();
      if (step === "words") now += secondsPerPhoto * engine.batches.at(-1)!.photos.length;
    },
  });
  const onDrop = (reason: string) => void dropped.push(reason);
  const queue = new CaptionQueue(engine, { ...QUEUE_LIMITS, ...limits }, { onDrop }, () => now);
  return {
    engine,
    queue,
    dropped,
    advance: (seconds: number) => now += seconds,
    /** Batches wait from here on, until the gate opens. */
    hold() {
      const { wait, open } = gate();
      passing = wait;
      return () => {
        passing = () => Promise.resolve();
        open();
      };
    },
  };
}

function ask(
  place: Place,
  size: number,
  { options = GREEDY, signal = new AbortController().signal, deadline = Infinity } = {},
) {
  const photo = { bytes: new Uint8Array(size), streams: false, details: false };
  return place.caption(photo, options, 0, { signal, deadline });
}

const sizes = (engine: MadeEngine) =>
  engine.batches.map(({ photos }) => photos.map(({ bytes }) => bytes.length));

Deno.test("CaptionQueue gathers what comes while a batch is computed", async () => {
  const { engine, queue, hold } = made();
  const open = hold();
  const first = ask(queue.reserve("a", 1), 1);
  await Promise.resolve();
  const rest = [2, 3, 4].map((size) => ask(queue.reserve("a", 1), size));
  open();
  const outcomes = await Promise.all([first, ...rest]);
  assertEquals(sizes(engine), [[1], [2, 3, 4]]);
  const captions = outcomes.map((outcome) => "answer" in outcome && outcome.answer.caption);
  assertEquals(captions, [1, 2, 3, 4].map((size) => `a photo of ${size} bytes`));
  assertEquals(queue.length, 0);
});

Deno.test("CaptionQueue batches only what is decoded alike", async () => {
  const { engine, queue } = made();
  const place = queue.reserve("a", 5);
  const other = { ...GREEDY, model: "photos" };
  await Promise.all([
    ask(place, 1),
    ask(place, 2, { options: BEAM }),
    ask(place, 3),
    ask(place, 4, { options: other }),
    ask(place, 5, { options: BEAM }),
  ]);
  assertEquals(sizes(engine), [[1, 3], [2, 5], [4]]);
});

Deno.test("CaptionQueue lets requests take turns", async () => {
  const { engine, queue } = made({ batchPhotos: 4 });
  const large = queue.reserve("a", 6), small = queue.reserve("b", 1);
  const late = queue.reserve("c", 1);
  const all = [1, 2, 3, 4, 5, 6].map((size) => ask(large, size));
  all.push(ask(small, 10), ask(late, 20));
  await Promise.all(all);
  assertEquals(sizes(engine), [[1, 10, 20, 2], [3, 4, 5, 6]]);
});

Deno.test("CaptionQueue chooses batches by their predicted time: half of the limit each", async () => {
  const { engine, queue } = made({ latencySeconds: 2 }, 0.1);
  for (let i = 0; i < 8; i++) {
    const place = queue.reserve("a", 40);
    await Promise.all(Array.from({ length: 40 }, () => ask(place, 1)));
  }
  assert(sizes(engine).every(({ length }) => length <= 11), JSON.stringify(sizes(engine)));
  assert(sizes(engine).some(({ length }) => length >= 9));
});

Deno.test("CaptionQueue refuses what it has no room for, and says when to try again", async () => {
  const { queue, hold } = made({ queuedPhotos: 8, clientShare: 0.5 }, 1);
  const open = hold();
  const places = ["a", "b"].map((client) => queue.reserve(client, 4));
  const all = places.flatMap((place) => [1, 2, 3, 4].map((size) => ask(place, size)));
  const share = assertThrows(() => queue.reserve("a", 1), RequestFailure) as RequestFailure;
  assertEquals(share.status, 429);
  const full = assertThrows(() => queue.reserve("c", 1), RequestFailure) as RequestFailure;
  assertEquals(full.status, 503);
  assert(full.retryAfter! >= 1);
  open();
  await Promise.all(all);
  assertEquals(queue.length, 0);
  queue.reserve("c", 4).release();
  assertEquals(queue.length, 0);
});

Deno.test("CaptionQueue takes one large request when it is empty", () => {
  const { queue } = made({ queuedPhotos: 8 });
  const place = queue.reserve("a", 64);
  assertEquals(queue.length, 64);
  place.release();
  place.release();
  assertEquals(queue.length, 0);
});

Deno.test("CaptionQueue does not compute photos past their deadline", async () => {
  const { engine, queue, dropped, hold, advance } = made();
  const open = hold();
  const place = queue.reserve("a", 3);
  const first = ask(place, 1);
  await Promise.resolve();
  const late = ask(place, 2, { deadline: 5 }), patient = ask(place, 3, { deadline: 7 });
  const rejected = assertRejects(() => late, DeadlineError);
  advance(6);
  open();
  await Promise.all([first, rejected, patient]);
  assertEquals(sizes(engine), [[1], [3]]);
  assertEquals([dropped, queue.length], [["deadline"], 0]);
});

Deno.test("CaptionQueue does no work for a client that left, and frees its room at once", async () => {
  const { engine, queue, dropped, hold } = made();
  const open = hold();
  const place = queue.reserve("a", 3);
  const client = new AbortController();
  const { signal } = client;
  const first = ask(place, 1, { signal });
  await Promise.resolve();
  const second = ask(place, 2, { signal }), other = ask(queue.reserve("b", 1), 9);
  assertEquals(queue.length, 4);
  client.abort(new DOMException("The client left.", "AbortError"));
  await assertRejects(() => first, DOMException, "left");
  await assertRejects(() => second, DOMException, "left");
  await assertRejects(() => ask(place, 3, { signal }), DOMException, "left");
  place.release();
  assertEquals(queue.length, 1);
  open();
  await other;
  assertEquals(sizes(engine), [[1], [9]]);
  assertEquals([dropped, engine.answered], [["left", "left"], 1]);
});

Deno.test("CaptionQueue does other work alone, in turn", async () => {
  const { engine, queue } = made();
  const limits = { signal: new AbortController().signal, deadline: Infinity };
  const place = queue.reserve("a", 2), other = queue.reserve("b", 1);
  const order: string[] = [];
  await Promise.all([
    ask(place, 1).then(() => order.push("first")),
    other.alone(() => Promise.resolve(order.push("alone")), limits),
    ask(place, 2).then(() => order.push("second")),
  ]);
  assertEquals(sizes(engine), [[1, 2]]);
  assertEquals([order.length, queue.length], [3, 0]);
});

Deno.test("CaptionQueue passes on what the engine throws, and continues", async () => {
  const { queue } = made();
  const place = queue.reserve("a", 2);
  const lost = ask(place, 1, { options: { ...GREEDY, model: "gone" } });
  await assertRejects(() => lost, RangeError, "gone");
  assert("answer" in await ask(place, 2));
  assertEquals(queue.length, 0);
});
