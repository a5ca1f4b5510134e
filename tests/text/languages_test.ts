import { evaluationSettings, scoreCaptions } from "../../lib/metrics/mod.ts";
import {
  cleaner,
  fitTokenizer,
  joinWords,
  textSettings,
  tokenizerFromJson,
  tokenizerToJson,
} from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";

const sentences: Record<string, [caption: string, words: string][]> = {
  German: [
    [
      "Zwei Mädchen spielen – fröhlich – auf der Straße.",
      "zwei mädchen spielen fröhlich auf der straße",
    ],
    [
      "Ein Schäferhund läuft u\u0308ber GRÜNES Gras; „schön“!",
      "ein schäferhund läuft über grünes gras schön",
    ],
    ["Oma's U-Bahn um 8:30", "omas u bahn um 8 30"],
  ],
  French: [[
    "L'homme à la chemise bleue court… près d’un café.",
    "lhomme à la chemise bleue court près dun café",
  ]],
  Czech: [["Žlutý kůň běží přes louku.", "žlutý kůň běží přes louku"]],
  Greek: [[
    "Ένας ΣΚΥΛΟΣ τρέχει στο γρασίδι· είναι ωραίος.",
    "ένας σκυλος τρέχει στο γρασίδι είναι ωραίος",
  ]],
  Russian: [["Девочка ещё бежит по пляжу.", "девочка ещё бежит по пляжу"]],
  Hindi: [["एक कुत्ता घास पर दौड़ रहा है।", "एक कुत्ता घास पर दौड़ रहा है".normalize("NFC")]],
  Arabic: [["كلبٌ بُنيّ يركض على العشب، سريعًا.", "كلبٌ بُنيّ يركض على العشب سريعًا"]],
  Korean: [["갈색 개가 잔디밭에서 달린다.", "갈색 개가 잔디밭에서 달린다"]],
  Chinese: [["一只棕色的狗在草地上奔跑。", "一只 棕色 的 狗 在 草地 上 奔跑"]],
  Japanese: [["女の人がコーヒーを飲む。", "女 の 人 が コーヒー を 飲む"]],
  Thai: [["สุนัขสีน้ำตาลวิ่งบนสนามหญ้า", "สุนัข สี น้ำตาล วิ่ง บน สนาม หญ้า"]],
};

for (const [language, pairs] of Object.entries(sentences)) {
  Deno.test(`cleaner("default") finds the words of ${language}`, () => {
    for (const [caption, words] of pairs) {
      assertEquals(cleaner("default")(caption).join(" "), words);
    }
  });
}

Deno.test('cleaner("turkish") knows both letters i', () => {
  assertEquals(
    cleaner("turkish")("İki kadın IŞIKLI sokakta yürüyor, İstanbul'da.").join(" "),
    "iki kadın ışıklı sokakta yürüyor istanbulda",
  );
});

Deno.test("joinWords() sets spaces but beside scripts that have none", () => {
  const joined = (text: string) => joinWords(text.split(" "));
  assertEquals(joined("ein hund läuft"), "ein hund läuft");
  assertEquals(joined("갈색 개가 달린다"), "갈색 개가 달린다");
  assertEquals(joined("一只 棕色 的 狗"), "一只棕色的狗");
  assertEquals(joined("穿着 t 恤 的 3 个 男人"), "穿着t恤的3个男人");
  assertEquals(joined("女 の 人 が コーヒー を 飲む"), "女の人がコーヒーを飲む");
  assertEquals([joinWords([]), joinWords(["a"])], ["", "a"]);
});

Deno.test("A tokenizer of Chinese captions reads back from its JSON and gives the caption again", () => {
  const captions = ["一只棕色的狗在草地上奔跑。", "两个女孩在海滩上玩球。"];
  const fitted = fitTokenizer(captions, textSettings.parse({}));
  const tokenizer = tokenizerFromJson(tokenizerToJson(fitted));
  const indices = tokenizer.encode(captions[0]);
  assertEquals(indices.length, 8 + 2);
  assertEquals(joinWords(tokenizer.decode(indices)), "一只棕色的狗在草地上奔跑");
});

Deno.test("scoreCaptions() counts the words of a script without spaces", () => {
  const { scores } = scoreCaptions(
    ["一只黑色的狗在草地上奔跑"],
    [["一只棕色的狗在草地上奔跑。"]],
    evaluationSettings.parse({}),
  );
  assertEquals(scores["bleu-1"].toFixed(6), "0.875000"); // of eight words one differs
});
