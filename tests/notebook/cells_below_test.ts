import { CellsBelow } from "../../lib/notebook/cells_below.ts";
import { assertEquals, assertThrows } from "../assert.ts";

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** What the kernel shows of an error that a cell throws. */
function shown(): string | undefined {
  try {
    throw new ReferenceError("run is not defined");
  } catch (error) {
    return (error as Error).stack;
  }
}

const sentence = '"Training" above was interrupted. Run that cell again, then this one.';

Deno.test("CellsBelow.stop() refuses cells in one sentence, whatever their error, until one comes later", async () => {
  const cells = new CellsBelow(200);
  cells.check();
  cells.stop();
  assertThrows(() => cells.check("Anything"), Error, "a cell above was interrupted");
  cells.stop("Training");
  cells.stop(); // ■ pressed twice
  for (let cell = 0; cell < 4; cell++) {
    await pause(80);
    const error = assertThrows(() => cells.check("Other work"), Error, sentence);
    assertEquals(error.stack, `Not run: ${sentence}`);
    await pause(80);
    assertEquals(shown(), `Not run: ${sentence}`);
  }
  await pause(400);
  cells.check("Other work");
  assertEquals(shown()?.split("\n")[0], "ReferenceError: run is not defined");
});

Deno.test("CellsBelow.check() lets the interrupted work run again at once", () => {
  const cells = new CellsBelow(60_000); // a timer left would fail the test
  cells.stop("Training");
  cells.check("Training");
  cells.check("Other work");
  assertEquals(shown()?.split("\n")[0], "ReferenceError: run is not defined");
});
