import { freeMemory } from "../../lib/stages/free_memory.ts";
import { assert } from "../assert.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name: "freeMemory() collects what nothing holds any more, and only that",
  ignore: !granted("ffi"),
  fn() {
    // Half of it is held.
    let rows: { row: number }[] | undefined = Array.from({ length: 6e6 }, (_, row) => ({ row }));
    const held = rows.filter(({ row }) => row % 2 === 0);
    rows = undefined;
    const before = Deno.memoryUsage().heapUsed;
    freeMemory();
    const freed = before - Deno.memoryUsage().heapUsed;
    assert(freed > 60e6, `${freed} of ${before}`);
    assert(held.length === 3e6 && held.at(-1)!.row === 6e6 - 2);
  },
});
