import fc from "fast-check";
import { Buffer } from "node:buffer";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import {
  MemoryBytes,
  NumpyArray,
  PickleObject,
  PickleTuple,
  type PickleValue,
  readPickle,
  StoredBytes,
  StoredText,
} from "../../lib/python/mod.ts";
import { writePickle } from "./write_pickle.ts";

const read = (bytes: Uint8Array) => readPickle(new MemoryBytes("FILE", bytes));
const refusal = (pickle: string) =>
  assertThrows(() => read(Buffer.from(pickle, "latin1")), SyntaxError).message;

Deno.test("readPickle() reads bytes as keys like texts, and refuses tuples and keys that are both", () => {
  const map = (...keys: PickleValue[]) => new Map(keys.map((key, i) => [key, i]));
  const bytes = (text: string) => new TextEncoder().encode(text);
  assertEquals(read(writePickle(map(bytes("ä.jpg"), "b"), 4)), map("ä.jpg", "b"));
  assertEquals(read(writePickle(map(Uint8Array.of(0xe4)), 3)), map("ä")); // Latin-1
  const refused = (value: PickleValue) =>
    assertThrows(() => read(writePickle(value, 4)), SyntaxError).message;
  assert(refused(map("a", bytes("a"))).includes('"a" as a key twice, as text and as bytes'));
  assert(refused(map(new PickleTuple(["a"]))).includes("has a tuple as a key or in a set, where"));
});

Deno.test("readPickle() reads a path as its text", () => {
  assertEquals(read(Buffer.from("cpathlib\nPosixPath\n(S'/'\nS'a'\nS'b.jpg'\ntR.")), "/a/b.jpg");
  assertEquals(read(Buffer.from("cpathlib\nPosixPath\n(S'a'\nS'b.jpg'\ntR.")), "a/b.jpg");
});

Deno.test("readPickle() reads a file whose line ends became Windows', in every protocol", () => {
  const value = new Map<PickleValue, PickleValue>([
    ["ten", 10],
    ["line\nfeed", "a\r\nb"],
    ["bytes", Uint8Array.of(1, 10, 13, 10)],
  ]);
  for (let protocol = 0; protocol <= 5; protocol++) {
    const bytes = [...writePickle(value, protocol)];
    const changed = bytes.flatMap((byte) => byte === 10 ? [13, 10] : [byte]);
    assertEquals(read(Uint8Array.from(changed)), value, `protocol ${protocol}`);
  }
});

const unit = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.stringMatching(/^[\\uU0-9a-f\n]*$/, { maxLength: 14 }),
);
const simple = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
  fc.bigInt({ min: -(2n ** 200n), max: -(2n ** 53n) }),
  fc.double({ noInteger: true }),
  fc.constantFrom(Infinity, -Infinity, NaN, -0),
  unit,
);
const { value } = fc.letrec<{ value: PickleValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    simple,
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => new PickleTuple(items)),
    fc.array(fc.tuple(simple, tie("value")), { maxLength: 4 })
      .map((pairs) => new Map<PickleValue, PickleValue>(pairs)),
    fc.array(simple, { maxLength: 4 }).map((items) => new Set<PickleValue>(items)),
  ),
}));

Deno.test("readPickle() reads what a pickler writes, protocols 0 to 5", () => {
  fc.assert(fc.property(value, fc.integer({ min: 0, max: 5 }), (value, protocol) => {
    const found = read(writePickle(value, protocol));
    assertEquals(plain(found), plain(value));
  }));
});

/** Bytes of one class, whatever buffer they are in. */
function plain(value: PickleValue): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof PickleTuple) return { tuple: value.items.map(plain) };
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, plain(item)]));
  return value;
}

Deno.test("readPickle() says that every truncated pickle is truncated", () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 5 }), (value, protocol) => {
      const whole = writePickle(value, protocol);
      for (let length = 0; length < whole.length; length++) {
        const { message } = assertThrows(() => read(whole.subarray(0, length)), SyntaxError);
        assert(message.includes("truncated"), message);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("readPickle() of arbitrary bytes returns a value or throws a SyntaxError that names the file", () => {
  const instructions = fc.constantFrom(
    ..."(.012FIJKLMNPQRSTUVXabcd}egijlopqrst)uG\x81\x85\x86\x87\x88\x8c\x8f\x90\x91\x92\x93\x94\x95\x96",
    "cnumpy\ndtype\n",
    "cnumpy\nndarray\n",
    "cnumpy.core.multiarray\n_reconstruct\n",
    "ckeras.preprocessing.text\nTokenizer\n",
    "X\x02\0\0\0f4",
    "K\x01",
    "I1\n",
  );
  fc.assert(
    fc.property(fc.array(instructions, { maxLength: 30 }), (parts) => {
      try {
        read(Buffer.from(parts.join("") + ".", "latin1"));
      } catch (error) {
        assert(error instanceof SyntaxError && error.message.startsWith("FILE "), String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

const other = "which is not among the types of a Keras tokenizer or features file; " +
  "nothing was executed";

Deno.test("readPickle() refuses os.system by its name, however it is called", () => {
  const system = `FILE needs posix.system, ${other}`;
  assertEquals(refusal("cposix\nsystem\n(S'touch /tmp/harm'\ntR."), system); // GLOBAL, REDUCE
  assertEquals(
    refusal("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x0atouch harm\x85R."), // STACK_GLOBAL
    system,
  );
  assertEquals(refusal("(S'touch /tmp/harm'\niposix\nsystem\n."), system); // INST
  assertEquals(refusal("(cposix\nsystem\nS'touch /tmp/harm'\no."), system); // OBJ
  assertEquals(refusal("\x80\x02cposix\nsystem\nU\x0atouch harm\x85\x81."), system); // NEWOBJ
  assertEquals(refusal("\x80\x04cposix\nsystem\n)}\x92."), system); // NEWOBJ_EX
});

Deno.test("readPickle() refuses names that resemble known ones", () => {
  const names = [
    ["builtins", "eval"],
    ["builtins", "getattr"],
    ["__builtin__", "exec"],
    ["collections", "OrderedDict.__init__"],
    ["numpy", "load"],
    ["numpy.core.multiarray", "fromfile"],
    ["os", "system"],
    ["", "system"],
  ];
  for (const [module, name] of names) {
    assertEquals(refusal(`c${module}\n${name}\n.`), `FILE needs ${module}.${name}, ${other}`);
  }
  const remedies: [module: string, name: string, remedy: string][] = [
    ["keras.preprocessing.text", "tokenizer_from_json", "save a model by model.save, words as {"],
    ["keras.preprocessing.text", "Tokenizer.__init__", "save a model by model.save, words as {"],
    ["mykeras.preprocessing.text", "Tokenizer", "load it in the project that wrote it"],
    ["torch._utils", "_rebuild_tensor_v2", "save numpy arrays instead of tensors"],
    ["pandas.core.frame", "DataFrame", "save a dict instead of a table"],
    ["dill._dill", "_load_type", "load it in Python and save it again by pickle.dump"],
    ["build_vocab", "Vocabulary", "load it in the project that wrote it"],
  ];
  for (const [module, name, remedy] of remedies) {
    const message = refusal(`c${module}\n${name}\n.`);
    assert(message.startsWith(`FILE needs ${module}.${name}, ${other}: ${remedy}`), message);
  }
});

Deno.test("readPickle() refuses calls of known names that no file makes", () => {
  const tokenizer = "ckeras.preprocessing.text\nTokenizer\n";
  const as = "which no Keras tokenizer or features file does: it is refused; nothing was executed";
  assertEquals(
    refusal("c__builtin__\nint\n(S'5'\ntR."),
    `FILE calls __builtin__.int with (a string), ${as}`,
  );
  assertEquals(
    refusal("c_codecs\nencode\n(S'x'\nS'zlib'\ntR."),
    `FILE calls _codecs.encode with (a string, a string), ${as}`,
  );
  assertEquals(
    refusal("ccollections\ndefaultdict\n(cnumpy\ndtype\ntR."),
    `FILE calls collections.defaultdict with (numpy.dtype), ${as}`,
  );
  assertEquals(
    refusal(`ccopy_reg\n_reconstructor\n(cnumpy\ndtype\nc__builtin__\nobject\nNtR.`),
    `FILE calls copy_reg._reconstructor with (numpy.dtype, __builtin__.object, None), ${as}`,
  );
  assertEquals(
    refusal(`${tokenizer}(I1\ntR.`),
    `FILE calls keras.preprocessing.text.Tokenizer with (1), ${as}`,
  );
  assertEquals(
    refusal("S'posix'\n)R."),
    "FILE calls a value that is neither a function nor a class: it is refused; nothing was executed",
  );
});

Deno.test("readPickle() refuses states of values that cannot have one", () => {
  assertEquals(
    refusal("ckeras.preprocessing.text\nTokenizer\n}b."),
    "FILE sets the state of keras.preprocessing.text.Tokenizer to a dict: it is refused; " +
      "nothing was executed",
  );
  assertEquals(
    refusal("ckeras.preprocessing.text\nTokenizer\n)R(lb."),
    "FILE sets the state of a keras.preprocessing.text.Tokenizer to a list: it is refused; " +
      "nothing was executed",
  );
  // An attribute that Python would call on unpickling is like any other here.
  const harmless = read(Buffer.from(
    "ckeras.preprocessing.text\nTokenizer\n)R}S'__setstate__'\nS'x'\nsb.",
  ));
  assert(harmless instanceof PickleObject && harmless.state.get("__setstate__") === "x");
});

Deno.test("readPickle() refuses what lies outside of the file", () => {
  for (
    const [pickle, what] of [
      ["\x80\x02\x82\x01.", "an extension code of the program that wrote it"],
      ["\x80\x02\x83\x01\x01.", "an extension code of the program that wrote it"],
      ["\x80\x02\x84\x01\x01\x01\x01.", "an extension code of the program that wrote it"],
      ["Pobject 1\n.", "an object that lies outside of the file (a persistent id)"],
      ["NQ.", "an object that lies outside of the file (a persistent id)"],
      ["\x80\x05\x97.", "a buffer that lies outside of the file"],
    ]
  ) assertEquals(refusal(pickle), `FILE needs ${what}: it is refused; nothing was executed`);
});

Deno.test("readPickle() compares claims with the bytes that are there, before it allocates memory", () => {
  const tenGigabytes = "\x00\xe4\x0b\x54\x02\x00\x00\x00";
  assertEquals(
    refusal(`\x80\x04\x8e${tenGigabytes}abc.`),
    "FILE claims bytes of 10000000000 bytes at byte 11, but 4 are left: it is truncated or damaged, get it again",
  );
  assertEquals(
    refusal(`\x80\x04\x8d${tenGigabytes}abc.`),
    "FILE claims a string of 10000000000 bytes at byte 11, but 4 are left: " +
      "it is truncated or damaged, get it again",
  );
  assertEquals(
    refusal("T\xff\xff\xff\xff."),
    "FILE claims a string of -1 bytes at byte 5, but 1 are left: it is truncated or damaged, get it again",
  );
  const dtype = "cnumpy\ndtype\n(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb";
  const array = (shape: string) =>
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR" +
    `(I1\n(${shape}t${dtype}I00\nS'abcd'\ntb.`;
  assertEquals(
    refusal(array("L2500000000L\n")),
    "FILE claims an array of float32 of the shape [2500000000], which takes 10000000000 bytes, " +
      "but 4 are there: it is truncated or damaged; get it again",
  );
  assertEquals(
    refusal(array("L9007199254740991L\nL9007199254740991L\n")).slice(0, 40),
    "FILE claims an array of float32 of the s",
  );
  assertEquals(
    refusal(array("I-1\nI-1\n")),
    "FILE claims an array of float32 of the shape [-1, -1]: it is damaged",
  );
  const whole = read(Buffer.from(array("I1\n")));
  assert(whole instanceof NumpyArray);
  assertEquals(
    [...whole.floats()],
    [...new Float32Array(Buffer.from("abcd").buffer.slice(0, 0))]
      .concat(new DataView(Uint8Array.from(Buffer.from("abcd")).buffer).getFloat32(0, true)),
  );
  assertEquals(
    refusal(`cnumpy.core.numeric\n_frombuffer\n(S'abcd'\n${dtype}(I10\ntS'C'\ntR.`),
    "FILE claims an array of float32 of the shape [10], which takes 40 bytes, but 4 are there: " +
      "it is truncated or damaged; get it again",
  );
});

Deno.test("readPickle() says at which byte a file is damaged", () => {
  assertEquals(refusal("0."), "FILE is damaged at byte 0: its stack is empty; get the file again");
  assertEquals(
    refusal("u."),
    "FILE is damaged at byte 0: its stack has no mark; get the file again",
  );
  assertEquals(
    refusal("}N."),
    "FILE is damaged at byte 2: 1 values are left over; get the file again",
  );
  assertEquals(
    refusal("h\x05."),
    "FILE is damaged at byte 0: it fetches 5, which was never put; get the file again",
  );
  assertEquals(
    refusal("](le."),
    "FILE is damaged at byte 3: its stack has no mark; get the file again",
  );
  assertEquals(
    refusal("}]Ns."),
    "FILE is damaged at byte 3: it has a list as a key or in a set; get the file again",
  );
  assertEquals(
    refusal("Ifive\n."),
    'FILE is damaged at byte 1: "five" is not an integer; get the file again',
  );
  assertEquals(
    refusal("hello"),
    "FILE is truncated: it ends at byte 5, in the middle of its data; get it again",
  );
  assertEquals(
    refusal("\xffPNG"),
    "FILE is not a pickle: byte 0 is 0xff, which is not an opcode of protocols 0 to 5; get the file again",
  );
  assertEquals(refusal("\x80\x06N."), "FILE is a pickle of protocol 6; 0 to 5 can be read");
  assertEquals(
    refusal("N.N."),
    "FILE has 2 bytes after the end of its pickle, which are not another pickle: it is damaged, or " +
      "was not written by Python's pickle.dump",
  );
});

Deno.test("readPickle() leaves long strings and bytes in the file", () => {
  const long = new Uint8Array(5000).fill(200);
  const length = "\x88\x13\0\0";
  const bytes = read(
    Buffer.concat([Buffer.from(`\x80\x03B${length}`, "latin1"), long, Buffer.from(".")]),
  );
  assert(bytes instanceof StoredBytes);
  assertEquals(bytes.read(), long);
  const text = read(Buffer.from(`\x80\x03X${length}${"ab".repeat(2500)}.`, "latin1"));
  assert(text instanceof StoredText);
  assertEquals(text.read(), "ab".repeat(2500));
});

Deno.test("readPickle() returns the same object wherever it is fetched", () => {
  const value = read(Buffer.from("(lp0\nI1\nag0\na.")) as PickleValue[];
  assert(value[1] === value);
});

Deno.test("readPickle() refuses at once what would take many times the file's size of memory", () => {
  for (const opcode of ["}", "C\x01a"]) {
    assertEquals(
      refusal(`\x80\x04(${opcode.repeat(4_000_000 / opcode.length)}t.`),
      "FILE is refused: its 5 MB would take more than 277 MB of memory, as those of no tokenizer or " +
        "features file do: save words as {word: index, …}, features as numpy arrays",
    );
  }
  const words = new Map(Array.from({ length: 20_000 }, (_, i) => [`word${i}`, i]));
  assertEquals(read(writePickle(words, 4)), words);
});
