import {
  fewDevPhotos,
  learnedOnlyFrequencies,
  littleLearned,
} from "../../lib/stages/training_warnings.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("fewDevPhotos() warns of 1 to 49 photos, each counted once", () => {
  const photos = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
  assertEquals(fewDevPhotos([]), undefined);
  assertEquals(fewDevPhotos(photos(50)), undefined);
  assert(fewDevPhotos([...photos(10), ...photos(10)])!.includes("only 10 photos"));
  assert(fewDevPhotos(["a"])!.includes("one photo,"));
});

Deno.test("littleLearned() warns where the best val_loss is within 10 % of word frequencies", () => {
  const history = [4.1, 3.7, 3.9].map((val_loss, epoch) => ({ epoch, val_loss }));
  assert(
    littleLearned(4, history)!.includes("3.7000, hardly beats word frequencies alone (4.0000)"),
  );
  assertEquals(littleLearned(4.2, history), undefined);
  assertEquals(littleLearned(undefined, history), undefined);
  assertEquals(littleLearned(4, [{ epoch: 0, loss: 4 }]), undefined);
});

Deno.test("learnedOnlyFrequencies() is false of a run without figures, such as an imported one", () => {
  assertEquals(learnedOnlyFrequencies(undefined, []), false);
  assertEquals(learnedOnlyFrequencies(4, []), false);
  assertEquals(learnedOnlyFrequencies(4, [{ epoch: 0, val_loss: 3.7 }]), true);
});
