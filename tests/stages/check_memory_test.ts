import { checkMemory } from "../../lib/stages/check_memory.ts";
import { createDecoder, modelSettings, type ModelSettingsInput } from "../../lib/models/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

function decoder(settings: ModelSettingsInput) {
  return createDecoder(modelSettings.parse(settings), { vocabularySize: 4, featureShape: [1] });
}

Deno.test("checkMemory() refuses a decoder that is larger than the memory, and says how large", () => {
  checkMemory(decoder({ kind: "merge" }));
  const { message } = assertThrows(
    () => checkMemory(decoder({ kind: "merge", units: 60_000 }), 16e9),
    RangeError,
  );
  assert(
    /^The decoder has 14,\d{3},\d{3},\d{3} parameters or more, which take \d.*; this machine has .*: choose/
      .test(message),
    message,
  );
});

Deno.test("model settings refuse widths and numbers of layers that no decoder has", () => {
  for (const kind of ["merge", "init_inject", "par_inject", "bilstm_dot"] as const) {
    for (const key of ["units", "embedding", "dense"]) {
      const settings = { kind, [key]: 1_000_000 };
      assertEquals(modelSettings.safeParse(settings).success, false, `${kind} ${key}`);
    }
  }
  assertEquals(modelSettings.safeParse({ kind: "merge", layers: 1e9 }).success, false);
});
