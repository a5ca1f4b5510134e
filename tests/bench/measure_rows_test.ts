import { measureRows } from "../../bench/all/measure_rows.ts";
import { medianOf, readResults } from "../../bench/all/results.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { FakeContestants, figures, rows } from "./fake_contestants.ts";

const ignore = !granted("read", "write", "run", "env", "sys");

/** Figures of both rows for both contestants. */
async function allPrint(fake: FakeContestants): Promise<void> {
  await fake.prints("ours_training", ...figures("wordsPerSecond", 300, 100, 200));
  await fake.prints("keras_training", ...figures("wordsPerSecond", 90, 110, 100));
  await fake.prints("ours_decoding", ...figures("captionsPerSecond", 5000, 5000, 5000));
  await fake.prints("keras_decoding", ...figures("captionsPerSecond", 4, 5, 6));
}

const threeTimes = (work: string) => Array(3).fill([`ours_${work}`, `keras_${work}`]).flat();

Deno.test({
  name: "measureRows() alternates, keeps every round, and leaves open what lacks an option",
  ignore,
  async fn() {
    await using fake = await FakeContestants.create();
    await allPrint(fake);
    const results = await measureRows(fake.options);
    assertEquals(await fake.calls(), [...threeTimes("training"), ...threeTimes("decoding")]);
    assertEquals(await readResults(fake.options.out), results);
    const { lines, open } = results.rows["training, batch 64"];
    assertEquals(lines.ours, figures("wordsPerSecond", 300, 100, 200));
    assertEquals(open, { "Keras bfloat16": "needs --python" });
    assertEquals(medianOf(results, rows[0], "ours"), 200);
    assertEquals(medianOf(results, rows[1], "Keras float32"), 5);
    assertEquals(medianOf(results, rows[0], "Keras bfloat16"), undefined);
    assert(fake.said.includes("training, batch 64: Keras bfloat16 needs --python"));
  },
});

Deno.test({
  name: "measureRows() cut off in a row keeps the rows before, and measures that one as a whole",
  ignore,
  async fn() {
    await using fake = await FakeContestants.create();
    await allPrint(fake);
    const cut = new AbortController();
    const say = (line: string) => line.startsWith("features to captions, round 2") && cut.abort();
    await assertRejects(
      () => measureRows({ ...fake.options, say, signal: cut.signal }),
      DOMException,
    );
    await allPrint(fake); // and none called
    await measureRows(fake.options);
    assertEquals(await fake.calls(), threeTimes("decoding"));
    await allPrint(fake);
    await measureRows(fake.options);
    assertEquals(await fake.calls(), [], "all is done");
    assert(fake.said.includes("features to captions: kept"));
  },
});

Deno.test({
  name: "measureRows() with a peer that fails says why, and measures its row again the next time",
  ignore,
  async fn() {
    await using fake = await FakeContestants.create();
    await allPrint(fake);
    await fake.prints("keras_training", ...figures("wordsPerSecond", 90), "fail: no memory");
    const results = await measureRows(fake.options);
    const why = "sh failed (exit code 3): fail: no memory";
    const { lines, open } = results.rows["training, batch 64"];
    assertEquals(open["Keras float32"], why);
    assertEquals(Object.keys(lines), ["ours"]);
    assertEquals(lines.ours.length, 3);
    assert(fake.said.includes(`training, batch 64: Keras float32 stays open: ${why}`));

    await allPrint(fake);
    const again = await measureRows(fake.options);
    assertEquals(await fake.calls(), threeTimes("training"));
    assertEquals(medianOf(again, rows[0], "Keras float32"), 100);
  },
});

Deno.test({
  name: "measureRows() ends where ours fails; a peer without its figure stays open",
  ignore,
  async fn() {
    await using fake = await FakeContestants.create();
    await allPrint(fake);
    await fake.prints("keras_training", { photosPerSecond: 3 });
    await fake.prints("ours_decoding", "not JSON");
    await assertRejects(
      () => measureRows(fake.options),
      Error,
      "features to captions: ours: sh printed no JSON object as its last line: not JSON",
    );
    const results = await readResults(fake.options.out);
    assertEquals(Object.keys(results!.rows), ["training, batch 64"]);
    assertEquals(
      results!.rows["training, batch 64"].open["Keras float32"],
      'its last line has no wordsPerSecond above 0: {"photosPerSecond":3}',
    );
  },
});

Deno.test({
  name: "measureRows() mixes no figures of different machines or sizes",
  ignore,
  async fn() {
    await using fake = await FakeContestants.create();
    await allPrint(fake);
    await measureRows(fake.options);
    const { machine, sizes } = fake.options;
    for (
      const [other, message] of [
        [{ sizes: { ...sizes, steps: 30 } }, "was measured with steps 1, and it is 30 now"],
        [{ machine: { ...machine, processor: "B" } }, "with processor Test, and it is B now"],
      ] as const
    ) {
      const error = await assertRejects(
        () => measureRows({ ...fake.options, ...other }),
        Error,
        message,
      );
      assert((error as Error).message.endsWith("--overwrite to begin again, or another --out"));
    }
  },
});
