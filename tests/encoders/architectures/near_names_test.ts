import { nearNames } from "../../../lib/encoders/architectures/near_names.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("nearNames() puts the fewest changes first, whatever the case", () => {
  assertEquals(nearNames("FC3", ["flatten", "fc1", "fc2", "block1_pool"], 2), ["fc1", "fc2"]);
  assertEquals(nearNames("out_relu", ["Conv1_relu", "out_relu"], 1), ["out_relu"]);
});
