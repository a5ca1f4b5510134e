import { checkCaptionLengths } from "../../lib/stages/check_caption_lengths.ts";
import { madeCaptions } from "../models/made_captions.ts";
import { assertThrows } from "../assert.ts";

Deno.test("checkCaptionLengths() refuses captions of train and dev beyond the decoder's positions", () => {
  const short = madeCaptions(4, { longest: 2 });
  const long = { ...short, captions: [...short.captions, Int32Array.of(1, 3, 4, 5, 6, 2)] };
  const decoder = { kind: "transformer", maxWords: 4 };
  checkCaptionLengths(decoder, { train: long, dev: long });
  checkCaptionLengths({ kind: "merge" }, { train: long, dev: long });
  const fewer = { ...decoder, maxWords: 3 };
  for (const split of ["train", "dev"] as const) {
    assertThrows(
      () => checkCaptionLengths(fewer, { train: short, dev: short, [split]: long }),
      RangeError,
      `A caption of the ${split} split has 4 words, but the transformer decoder reads 3 at most: ` +
        "set --model.maxWords=4",
    );
  }
});
