import { EpochTable } from "../../lib/stages/epoch_table.ts";
import type { Callback } from "../../lib/training/mod.ts";
import { assertEquals } from "../assert.ts";

/** What is said of epochs with these losses, by a callback that speaks in the second. */
async function said(losses: number[], fails?: number): Promise<string[]> {
  const lines: string[] = [];
  let best = 0;
  const speaker: Callback = {
    name: "Speaker",
    onEpochEnd(epoch, logs) {
      if (logs.loss < losses[best]) best = epoch;
      if (epoch === 1) table.say("Speaker: less fast from here on");
      if (epoch === fails) throw new Error("full");
    },
  };
  const table = new EpochTable(12, (epoch) => best === epoch, (line) => lines.push(line));
  table.say("before");
  try {
    for (const [epoch, loss] of losses.entries()) {
      const logs = { loss, val_loss: 2 * loss, learning_rate: 0.003, seconds: 61.26 };
      for (const callback of table.around([speaker])) await callback.onEpochEnd!(epoch, logs);
    }
  } catch (error) {
    lines.push((error as Error).message);
  }
  table.flush();
  return lines;
}

Deno.test("EpochTable says a line an epoch, marks the best so far, and puts words below theirs", async () => {
  assertEquals(await said([2.5, 1.25, 1.75]), [
    "before",
    "  epoch     loss  val_loss  learning_rate  seconds",
    "   1/12   2.5000    5.0000          0.003     61.3  best",
    "   2/12   1.2500    2.5000          0.003     61.3  best",
    "         Speaker: less fast from here on",
    "   3/12   1.7500    3.5000          0.003     61.3",
  ]);
});

Deno.test("EpochTable.flush() says what an epoch that failed had to say", async () => {
  assertEquals((await said([2, 1], 1)).slice(-2), ["full", "Speaker: less fast from here on"]);
});
