import { nearName, nearNames } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("nearNames() puts the fewest changes first, whatever the case", () => {
  assertEquals(nearNames("FC3", ["flatten", "fc1", "fc2", "block1_pool"], 2), ["fc1", "fc2"]);
  assertEquals(nearNames("out_relu", ["Conv1_relu", "out_relu"], 1), ["out_relu"]);
});

Deno.test("nearName() gives the closest name, but none that has little of the mistyped one", () => {
  assertEquals(nearName("eposchs", ["epochs", "batchSize"]), "epochs");
  assertEquals(nearName("xyz", ["epochs", "batchSize"]), undefined);
  assertEquals(nearName("x", []), undefined);
});
