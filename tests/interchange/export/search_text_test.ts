import { decodingSettings, type DecodingSettingsInput } from "../../../lib/decoding/mod.ts";
import { searchText } from "../../../lib/interchange/export/search_text.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("searchText() names all that changes a caption, and nothing else", () => {
  const cases: [DecodingSettingsInput, string][] = [
    [{}, "by beam 3 (length normalisation 0.7)"],
    [
      { beam: 16, lengthNormalisation: 1, noRepeatNgram: 3, consensus: {} },
      "by beam 16 (length normalisation 1), no 3 words in a row twice, " +
      "ranked with 60 drawn captions (temperature 0.7, weight 3)",
    ],
    [
      { beam: 6, diverseGroups: 3, minLength: 4, consensus: { weight: 0 } },
      "by beam 6 (length normalisation 0.7), in 3 groups (diversity penalty 0.5), at least 4 words",
    ],
    [{ beam: 1, consensus: {} }, "by beam 1 (length normalisation 0.7)"],
    [
      { beam: 2, sampling: { kind: "nucleus" }, diverseGroups: 2 },
      "drawn at random (nucleus, p 0.9, temperature 1, seed 1)",
    ],
  ];
  for (const [settings, expected] of cases) {
    assertEquals(searchText(decodingSettings.parse(settings)), expected);
  }
});
