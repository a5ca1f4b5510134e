import * as tf from "@tensorflow/tfjs";
import { type PhotoEvent, startCaptionEngine } from "../../../app/engine/mod.ts";
import { LoadedEngine } from "../../../app/engine/loaded_engine.ts";
import { startEngine } from "../../../lib/engine/mod.ts";
import { Run } from "../../../lib/run/mod.ts";
import { openCaptioner } from "../../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { photosOf, withTinyRun } from "./tiny_run.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "run");

const never = new AbortController().signal;
const nothing = () => {};
const plain = (bytes: Uint8Array) => ({ bytes, streams: false, details: false });
const whole = (bytes: Uint8Array) => ({ bytes, streams: true, details: true });

Deno.test({ name: "a caption engine", ignore }, async (t) => {
  await withTinyRun(async (run, data) => {
    const photos = await photosOf(data, "test");
    const engine = await startEngine();
    const tensors = tf.memory().numTensors;
    const opened = await openCaptioner(run, { engine });
    const expected = await opened.captionPhotos(photos);
    const greedy = await opened.captionPhotos(photos, { ...opened.config.decoding, beam: 1 });
    await opened.dispose();
    const options = { model: "tiny", beam: 3, lengthNormalisation: 0.7 };
    const isWanted = { isUnwanted: () => false, onEvent: nothing };

    await t.step("LoadedEngine keeps as many tensors whatever it is asked", async () => {
      const loaded = await LoadedEngine.load({ runs: [run.folder], data, engine });
      await loaded.readMemories();
      const before = tf.memory().numTensors;
      for (let round = 0; round < 3; round++) {
        await loaded.captionBatch(photos.map(whole), options, isWanted);
        await loaded.captionBatch(photos.map(plain), { ...options, beam: 1 }, isWanted);
        await loaded.captionBatch(photos.map(whole), options, {
          isUnwanted: (photo) => photo % 2 === round % 2,
          onEvent: nothing,
        });
        const words = expected[0].words.map(({ word }) => word);
        await loaded.wordRegions(photos[0], words, "tiny", () => false);
        let asked = 0;
        assertEquals(
          await loaded.wordRegions(photos[0], words, "tiny", () => ++asked > 2),
          undefined,
        );
        assertEquals(tf.memory().numTensors, before);
      }
      await loaded.dispose();
      assertEquals(tf.memory().numTensors, tensors);
    });

    await t.step("LoadedEngine does no work for photos that nobody waits for", async () => {
      const loaded = await LoadedEngine.load({ runs: [run.folder], data, engine });
      const all = photos.map(whole);
      const events: [number, PhotoEvent][] = [];
      const ended = await loaded.captionBatch(all, options, {
        isUnwanted: () => true,
        onEvent: (...event) => events.push(event),
      });
      assertEquals(events, []);
      assert(ended.every((outcome) => "error" in outcome && outcome.error.includes("ended")));
      // Left after its first word: no word follows, and the others' captions stay as they are.
      let left = false;
      const outcomes = await loaded.captionBatch(all, options, {
        isUnwanted: (photo) => photo === 0 && left,
        onEvent: (photo, event) => {
          if (event.type === "word" && photo === 0) left = true;
          events.push([photo, event]);
        },
      });
      const words = events.filter(([photo, { type }]) => photo === 0 && type === "word");
      assertEquals(words.length, 1);
      assert("error" in outcomes[0]);
      assertEquals(captionsOf(outcomes.slice(1)), expected.slice(1).map(({ caption }) => caption));
      await loaded.dispose();
    });

    await t.step("a run whose training data are gone still captions", async () => {
      const model = await withEngine(run, `${data}/elsewhere`, async (engine) => {
        const [outcome] = await engine.captionBatch([whole(photos[0])], options, [never], nothing);
        assert("answer" in outcome);
        const { nearest, novelty, timesInTraining, greedy } = outcome.answer.details!;
        assertEquals([nearest, novelty, timesInTraining], [null, null, null]);
        assert(greedy.caption !== "");
        return engine.models[0];
      });
      assertEquals([model.knowsTraining, model.devPhotos], [false, []]);
    });

    await t.step("LoadedEngine loads an encoder once for all runs that have it", async () => {
      const alone = await LoadedEngine.load({ runs: [run.folder], data, engine });
      const ofOne = tf.memory().numTensors;
      const runs = [run.folder, run.folder];
      const both = await LoadedEngine.load({ runs, data, engine });
      const ofBoth = tf.memory().numTensors - ofOne;
      assertEquals(both.cards.map(({ name }) => name), ["tiny", "tiny-2"]);
      // Of the second run the decoder's weights come on top, and not the encoder's.
      assert(ofBoth < 2 * (ofOne - tensors), `${ofBoth} tensors, ${ofOne - tensors} of one run`);
      for (const model of ["tiny", "tiny-2"]) {
        const outcomes = await both.captionBatch(
          photos.map(plain),
          { ...options, model },
          isWanted,
        );
        assertEquals(captionsOf(outcomes), expected.map(({ caption }) => caption));
      }
      await alone.dispose();
      await both.dispose();
      assertEquals(tf.memory().numTensors, tensors);
    });

    await t.step("startCaptionEngine() fails with the sentence of a run that is gone", async () => {
      const start = () => startCaptionEngine({ runs: [`${data}/none`], data });
      await assertRejects(start, Error, "none");
      await assertRejects(() => startCaptionEngine({ runs: [], data }), RangeError, "no run");
    });

    const captioning = await startCaptionEngine({ runs: [run.folder], data });

    await t.step("startCaptionEngine() tells what a run is", () => {
      const [model] = captioning.models;
      const { name, dataset, trainPhotos, encoder, decoder, decoding, weaknesses } = model;
      assertEquals(
        [name, dataset, trainPhotos, encoder, decoder, decoding.beam, model.history.length],
        ["tiny", "shapes", 60, "shapes_cnn", "merge", 3, 2],
      );
      assert(model.knowsTraining && model.devPhotos.length === 12, model.devPhotos.join());
      const sentences = ["drawn shapes alone", "60 photos only", "never evaluated"];
      for (const sentence of sentences) {
        assert(weaknesses.some((weakness) => weakness.includes(sentence)), weaknesses.join("\n"));
      }
      assert(Math.abs(Date.parse(model.date) - Date.now()) < 600_000, model.date);
    });

    await t.step("captionBatch() gives the captions of the caption task", async () => {
      for (const make of [plain, whole]) {
        const signals = photos.map(() => never);
        const outcomes = await captioning.captionBatch(
          photos.map(make),
          options,
          signals,
          nothing,
        );
        assertEquals(captionsOf(outcomes), expected.map(({ caption }) => caption));
        for (const [i, outcome] of outcomes.entries()) {
          assert("answer" in outcome);
          assertEquals(
            outcome.answer.alternatives.map(({ caption }) => caption),
            expected[i].alternatives.map(({ caption }) => caption),
          );
        }
      }
    });

    await t.step("captionBatch() reports steps and greedy words in order", async () => {
      for (const beam of [1, 3]) {
        const events: PhotoEvent[][] = photos.map(() => []);
        const outcomes = await captioning.captionBatch(
          photos.map((bytes, i) => i % 2 === 0 ? whole(bytes) : plain(bytes)),
          { ...options, beam },
          photos.map(() => never),
          (photo, event) => events[photo].push(event),
        );
        for (const [i, of] of events.entries()) {
          const words = i % 2 === 0 ? greedy[i].words : [];
          assertEquals(
            of.map((event) => event.type === "step" ? event.step : event.word),
            ["reading", "features", ...words.map(({ word }) => word), "words"],
          );
          const outcome = outcomes[i];
          assert("answer" in outcome);
          const { steps, details } = outcome.answer;
          for (const event of of) {
            if (event.type === "step") assertEquals(event.milliseconds, steps[event.step]);
          }
          assertEquals(details?.greedy.caption, i % 2 === 0 ? greedy[i].caption : undefined);
        }
      }
    });

    await t.step(
      "captionBatch() says what is wrong with a photo, and captions the others",
      async () => {
        const cut = photos[1].slice(0, photos[1].length / 2);
        const outcomes = await captioning.captionBatch(
          [photos[0], cut, new TextEncoder().encode("<svg/>"), photos[3]].map(whole),
          options,
          Array(4).fill(never),
          nothing,
        );
        assertEquals(captionsOf(outcomes), [expected[0].caption, "", "", expected[3].caption]);
        for (const outcome of outcomes.slice(1, 3)) {
          assert("error" in outcome && outcome.error.includes("cannot be used"));
        }
      },
    );

    await t.step("captionBatch() ends with the signals of all its photos", async () => {
      const stop = new AbortController();
      const outcome = captioning.captionBatch([whole(photos[0])], options, [stop.signal], () => {
        stop.abort();
      });
      assert("error" in (await outcome)[0]);
      const stopped = captioning.wordRegions(photos[0], ["a"], "tiny", stop.signal);
      await assertRejects(() => stopped, DOMException);
    });

    await t.step("details tell the nearest train photos, novelty and repetition", async () => {
      const [dev] = await photosOf(data, "dev");
      const grey = await solidPhoto();
      const outcomes = await captioning.captionBatch(
        [dev, grey].map(whole),
        options,
        [never, never],
        nothing,
      );
      const [known, strange] = outcomes.map((outcome) => {
        assert("answer" in outcome);
        return outcome.answer.details!;
      });
      assertEquals(known.nearest!.length, 5);
      for (const { captions, similarity } of known.nearest!) {
        assertEquals(captions.length, 5);
        assert(similarity > 0 && similarity <= 1, `${similarity}`);
      }
      const similarities = known.nearest!.map(({ similarity }) => similarity);
      assertEquals(similarities, similarities.toSorted((a, b) => b - a));
      assert(known.novelty! < 1 && strange.novelty === 1, `${known.novelty} ${strange.novelty}`);
      assert(Number.isInteger(known.timesInTraining) && known.timesInTraining! >= 0);
    });

    await t.step("wordRegions() covers a 7 × 7 grid, the largest region 1", async () => {
      const words = expected[0].words.map(({ word }) => word);
      const found = await captioning.wordRegions(photos[0], words, "tiny", never);
      assertEquals([found.kind, found.rows, found.columns], ["occlusion", 7, 7]);
      assertEquals(found.words.map(({ word }) => word), words);
      const regions = found.words.flatMap(({ regions }) => regions);
      assertEquals(regions.length, 49 * words.length);
      assertEquals([Math.min(...regions) >= 0, Math.max(...regions)], [true, 1]);
      await assertRejects(
        () => captioning.wordRegions(photos[0], ["a", "zebra"], "tiny", never),
        RangeError,
        '"zebra"',
      );
      await assertRejects(
        () => captioning.wordRegions(new Uint8Array(9), ["a"], "tiny", never),
        Error,
        "cannot be used",
      );
    });

    await t.step("drawShapes() draws the same PNG for the same seed", async () => {
      const [one, again, other] = await Promise.all([1, 1, 2].map(captioning.drawShapes));
      assertEquals([...one.slice(1, 4)].map((byte) => String.fromCharCode(byte)).join(""), "PNG");
      assertEquals(one, again);
      assert(one.join() !== other.join());
    });

    await t.step("devPhoto() reads photos of the card alone", async () => {
      const [{ devPhotos: [name] }] = captioning.models;
      const photo = await captioning.devPhoto("tiny", name);
      assertEquals([...photo!.slice(0, 2)], [0xff, 0xd8]);
      for (const other of ["../dataset.json", "test_00001.jpg", `./${name}`, "", "/etc/passwd"]) {
        assertEquals(await captioning.devPhoto("tiny", other), undefined);
      }
      assertEquals(await captioning.devPhoto("none", name), undefined);
    });

    await t.step("an unknown model is named, with those that are loaded", async () => {
      const other = { ...options, model: "x" };
      await assertRejects(
        () => captioning.captionBatch([plain(photos[0])], other, [never], nothing),
        RangeError,
        'There is no model "x"; loaded: tiny',
      );
    });

    await t.step("dispose() rejects what is not answered, and everything after it", async () => {
      const many = Array.from({ length: 64 }, (_, i) => whole(photos[i % photos.length]));
      const asked = captioning.captionBatch(many, options, many.map(() => never), nothing);
      const rejected = assertRejects(() => asked, Error, "ended");
      await captioning.dispose();
      await rejected;
      await assertRejects(() => captioning.drawShapes(1), Error, "ended");
    });
  });
});

async function withEngine<Result>(
  run: Run,
  data: string,
  fn: (engine: Awaited<ReturnType<typeof startCaptionEngine>>) => Promise<Result>,
): Promise<Result> {
  const engine = await startCaptionEngine({ runs: [run.folder], data });
  try {
    return await fn(engine);
  } finally {
    await engine.dispose();
  }
}

function captionsOf(outcomes: readonly ({ answer: { caption: string } } | { error: string })[]) {
  return outcomes.map((outcome) => "answer" in outcome ? outcome.answer.caption : "");
}

/** A photo of one colour, unlike all drawn ones. */
async function solidPhoto(): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const create = { width: 96, height: 96, channels: 3, background: "#ff00ff" } as const;
  return await sharp({ create }).png().toBuffer();
}
