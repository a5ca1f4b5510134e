import fc from "fast-check";
import { captionsInField } from "../../../lib/datasets/files/caption_text.ts";
import { readLiteral } from "../../../lib/datasets/files/python_literal.ts";
import { assertEquals } from "../../assert.ts";

const read = (text: string) => {
  const found = readLiteral(text);
  return typeof found === "object" ? found.value : found;
};

Deno.test("readLiteral() reads lists as Python, numpy, pandas, R and JSON write them", () => {
  const both = ["A dog.", "A man's dog."];
  const texts = [
    `['A dog.', "A man's dog."]`,
    `('A dog.', 'A man\\'s dog.',)`,
    `{'A dog.', "A man's dog."}`,
    `['A dog.' "A man's dog."]`,
    `['A dog.'\n "A man's dog."]`,
    `array(['A dog.', "A man's dog."], dtype='<U12')`,
    `array(['A dog.', "A man's dog."],\n      dtype=object)`,
    `[np.str_('A dog.'), np.str_("A man's dog.")]`,
    `Index(['A dog.', 'A man\\'s dog.'], dtype='object')`,
    `<StringArray>\n['A dog.', "A man's dog."]\nLength: 2, dtype: string`,
    `c("A dog.", "A man's dog.")`,
    `["A dog.", "A man\\u0027s dog."]`,
    `[b'A dog.', b"A man's dog."]`,
    `['A dog.', 'A man's dog.']`, // joined by hand
  ];
  for (const text of texts) assertEquals(read(text), both, text);
  assertEquals(read("[['a', None], ['\\u00fc', nan, \"\\xe4\"]]"), [["a", null], ["ü", null, "ä"]]);
  assertEquals(read(String.raw`['"x\\y"', '\N', '\101\t', r'\n']`), [
    '"x\\y"',
    "\\N",
    "A\t",
    "\\n",
  ]);
  assertEquals(read("[b'H\\xc3\\xbcndchen']"), ["Hündchen"]);
  assertEquals(read("[{'raw': 'A dog.', 'sentid': 3, 'ok': True}]"), [
    { raw: "A dog.", sentid: 3, ok: true },
  ]);
});

Deno.test("readLiteral() leaves alone what merely begins like a list, and names one that is cut off", () => {
  const texts = ["[Music] A man", "(A dog) runs", "[a dog, a cat]", '["Stop"] says a sign'];
  for (
    const text of [...texts, '["Stop" says a sign', "['tis the season", "Index (1) of", "{red}"]
  ) {
    assertEquals(readLiteral(text), undefined, text);
  }
  for (const text of ["['A dog.', 'A man", "['A dog.'", "['A' 'B' ... 'Y']", '["A dog.", ']) {
    assertEquals(readLiteral(text), "cut off", text);
  }
});

Deno.test("readLiteral() reads back every list of strings that Python's rules write", () => {
  const quoted = (text: string) => {
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    return quote + text.replaceAll("\\", "\\\\").replaceAll(quote, "\\" + quote)
      .replaceAll("\n", "\\n") +
      quote;
  };
  const text = fc.string({ unit: fc.constantFrom("a", " ", "'", '"', ",", "]", "\\", "\n", "ü") });
  fc.assert(fc.property(fc.array(text, { minLength: 1 }), (list) => {
    assertEquals(read(`[${list.map(quoted).join(", ")}]`), list);
    assertEquals(read(`[${list.map(quoted).join("\n ")}]`), list);
    assertEquals(read(JSON.stringify(list)), list);
  }));
});

Deno.test("captionsInField() says why a column holds no captions", () => {
  const reason = (field: unknown) => {
    const found = captionsInField(field);
    return "reason" in found ? found.reason : found.captions.join("|");
  };
  assertEquals(reason("[0, 1]"), "malformed, a list without captions");
  assertEquals(reason("['A dog.', 'A"), "malformed, a list without its end");
  assertEquals(
    reason("0    A dog\n1    Two dogs\nName: caption, dtype: object"),
    "malformed, a pandas Series printed as text, which may be shortened",
  );
  assertEquals(reason(true), "malformed, neither a caption nor a list of them");
  assertEquals(reason("[{'raw': 'A dog', 'tokens': ['a']}, {'raw': 'B'}]"), "A dog|B");
  assertEquals(reason({ 0: "A dog", 1: "B" }), "A dog|B");
  assertEquals([reason("b'A dog'"), reason("np.str_('A dog')")], ["A dog", "A dog"]);
  assertEquals(reason("(A dog)"), "(A dog)");
});
