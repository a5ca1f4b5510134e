import { ByteReader, type Span } from "../byte_reader.ts";
import { type ByteSource, RestOfBytes } from "../byte_source.ts";
import { StoredBytes } from "../stored_bytes.ts";
import {
  call,
  describeValue,
  persistent,
  setState,
  type StackValue,
  UnfilledArray,
} from "./build.ts";
import type { Dialect } from "./global.ts";
import { globalOf, lineAt, literalOf } from "./literals.ts";
import { type Argument, OPCODES } from "./opcodes.ts";
import { damaged, refused } from "./refusal.ts";
import { decimal, surveyPickle } from "./survey.ts";
import { textOfBytes } from "./text.ts";
import { withoutTextMode } from "./text_mode.ts";
import { PickleTuple, type PickleValue, StoredText } from "./values.ts";

/** The first byte of protocols 2 to 5. */
const PROTO = 0x80;

/** The first byte of further pickles: PROTO, or a dict, list or tuple, or class of protocol 0. */
const STARTS: ReadonlySet<number> = new Set([PROTO, 0x28, 0x63]);

/**
 * The value of a Python pickle, protocols 0 to 5: parsed, never executed.
 *
 * Only plain values, numpy arrays and Keras' Tokenizer (as its attributes) are built; any other class
 * or function is refused by its name. Claimed sizes are compared with the bytes that are there before
 * memory is allocated; large arrays stay in the file until they are read. A file whose line ends were
 * changed to Windows' is read as it was. Of a file that several pickles were dumped into, a tuple of
 * them is returned.
 *
 * ```ts
 * import { MemoryBytes } from "../byte_source.ts";
 * import { readPickle } from "./read_pickle.ts";
 *
 * const bytes = new TextEncoder().encode("(lp0\nI1\naVa photo\na."); // pickle.dumps([1, "a photo"], 0)
 * readPickle(new MemoryBytes("example", bytes)); // [1, "a photo"]
 * ```
 *
 * @throws {SyntaxError} if it is refused, truncated, damaged, or not a pickle
 */
export function readPickle(source: ByteSource): PickleValue {
  const isBinary = source.size > 0 && source.readAt(0, 1)[0] === PROTO;
  if (!isBinary) return read(withoutTextMode(source) ?? source); // lines would keep their "\r"
  try {
    return read(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const plain = withoutTextMode(source);
    if (plain === undefined) throw error;
    try {
      return read(plain);
    } catch {
      throw error;
    }
  }
}

function read(source: ByteSource): PickleValue {
  const values: PickleValue[] = [];
  for (let from = 0; values.length === 0 || from < source.size;) {
    const part = from === 0 ? source : new RestOfBytes(source, from);
    if (from > 0 && !STARTS.has(part.readAt(0, 1)[0])) throw notOneMore(part);
    const { value, end } = readOnePickle(part);
    values.push(value);
    from += end;
  }
  return values.length === 1 ? values[0] : new PickleTuple(values);
}

/**
 * The first pickle of a source, and the offset of the byte after it.
 *
 * @throws {SyntaxError} if it is refused, truncated, damaged, or not a pickle
 */
export function readOnePickle(
  source: ByteSource,
  dialect: Dialect = "plain",
): { value: PickleValue; end: number } {
  const { fetched, end } = surveyPickle(source, dialect);
  return { value: new PickleMachine(source, fetched, dialect).run(), end };
}

function notOneMore({ name, size }: ByteSource): SyntaxError {
  return new SyntaxError(
    `${name} has ${size} bytes after the end of its pickle, which are not another pickle: it is ` +
      "damaged, or was not written by Python's pickle.dump",
  );
}

class PickleMachine {
  readonly #source: ByteSource;
  readonly #fetched: ReadonlySet<number>;
  readonly #dialect: Dialect;
  readonly #stack: StackValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, StackValue>();
  #memoSize = 0;

  constructor(source: ByteSource, fetched: ReadonlySet<number>, dialect: Dialect) {
    this.#source = source;
    this.#dialect = dialect;
    this.#fetched = fetched;
  }

  run(): PickleValue {
    const reader = new ByteReader(this.#source);
    for (;;) {
      const at = reader.position;
      const [name, readArgument] = OPCODES.get(reader.byte())!; // surveyed
      const argument = readArgument(reader);
      if (name === "STOP") return this.#finish(at);
      const value = literalOf(this.#source, name, argument, this.#dialect);
      if (value === undefined) this.#act(name, argument, at);
      else this.#push(value);
    }
  }

  #finish(at: number): PickleValue {
    const value = this.#pop(at);
    if (this.#stack.length === 0 && this.#marks.length === 0) return value;
    throw damaged(this.#source, at, `${this.#stack.length} values are left over`);
  }

  /** Opcodes that work on the stack. */
  #act(name: string, argument: Argument, at: number): void {
    const stack = this.#stack;
    switch (name) {
      case "PROTO":
      case "FRAME":
        return;
      case "MARK":
        this.#marks.push(stack.length);
        return;
      case "POP":
        if (this.#marks.at(-1) === stack.length) this.#marks.pop();
        else this.#pop(at);
        return;
      case "POP_MARK":
        this.#popMark(at);
        return;
      case "DUP":
        stack.push(this.#top(at));
        return;
      case "GET":
        return this.#fetch(decimal(this.#source, argument as Span), at);
      case "BINGET":
      case "LONG_BINGET":
        return this.#fetch(argument as number, at);
      case "PUT":
        return this.#remember(decimal(this.#source, argument as Span), at);
      case "BINPUT":
      case "LONG_BINPUT":
        return this.#remember(argument as number, at);
      case "MEMOIZE":
        return this.#remember(this.#memoSize, at);
      case "TUPLE":
        return this.#push(new PickleTuple(this.#popMark(at)));
      case "TUPLE1":
      case "TUPLE2":
      case "TUPLE3":
        return this.#push(new PickleTuple(this.#popSome(Number(name.at(-1)), at)));
      case "LIST":
        return this.#push(this.#popMark(at));
      case "DICT":
        return this.#push(this.#setItems(new Map(), this.#popMark(at), at));
      case "APPEND":
      case "APPENDS": {
        const items = name === "APPEND" ? this.#popSome(1, at) : this.#popMark(at);
        const list = this.#top(at);
        if (!Array.isArray(list)) {
          throw damaged(this.#source, at, "it appends to a value that is not a list");
        }
        for (const item of items) list.push(item);
        return;
      }
      case "SETITEM":
      case "SETITEMS": {
        const items = name === "SETITEM" ? this.#popSome(2, at) : this.#popMark(at);
        this.#setItems(this.#top(at), items, at);
        return;
      }
      case "ADDITEMS": {
        const items = this.#popMark(at);
        const set = this.#top(at);
        if (!(set instanceof Set)) {
          throw damaged(this.#source, at, "it adds to a value that is not a set");
        }
        for (const item of items) set.add(this.#key(item, at));
        return;
      }
      case "STACK_GLOBAL": {
        const [module, global] = this.#popSome(2, at);
        if (typeof module !== "string" || typeof global !== "string") {
          throw damaged(this.#source, at, "a name in it is not a string");
        }
        return this.#push(globalOf(this.#source, module, global, this.#dialect));
      }
      case "REDUCE":
      case "NEWOBJ": {
        const [callable, args] = this.#popSome(2, at);
        return this.#push(call(callable, args, this.#source.name));
      }
      case "INST": {
        const [module, global] = argument as [Span, Span];
        const callable = globalOf(
          this.#source,
          lineAt(this.#source, module),
          lineAt(this.#source, global),
          this.#dialect,
        );
        const args = new PickleTuple(this.#popMark(at));
        return this.#push(call(callable, args, this.#source.name));
      }
      case "OBJ": {
        const [callable = null, ...args] = this.#popMark(at);
        return this.#push(call(callable, new PickleTuple(args), this.#source.name));
      }
      case "BUILD": {
        const state = this.#pop(at);
        const object = this.#stack.at(-1) ?? null;
        setState(object, state, this.#source.name);
        if (object instanceof UnfilledArray) stack[stack.length - 1] = object.filled!;
        return;
      }
      case "BINPERSID":
        return this.#push(persistent(this.#pop(at), this.#source.name));
      case "FROZENSET":
        return this.#push(new Set(this.#popMark(at).map((item) => this.#key(item, at))));
      case "NEWOBJ_EX": {
        const [callable] = this.#popSome(3, at);
        throw refused(this.#source, `${describeValue(callable)} called with keyword arguments`);
      }
      default:
        throw new Error(`Opcode ${name} is not implemented`);
    }
  }

  #push(value: StackValue): void {
    this.#stack.push(value);
  }

  #top(at: number): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || this.#marks.at(-1) === this.#stack.length) {
      throw damaged(this.#source, at, "its stack is empty");
    }
    return this.#filled(value, at);
  }

  #pop(at: number): PickleValue {
    const value = this.#top(at);
    this.#stack.pop();
    return value;
  }

  #popSome(count: number, at: number): PickleValue[] {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count) {
      throw damaged(this.#source, at, "its stack is empty");
    }
    return this.#stack.splice(this.#stack.length - count).map((value) => this.#filled(value, at));
  }

  #popMark(at: number): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw damaged(this.#source, at, "its stack has no mark");
    return this.#stack.splice(mark).map((value) => this.#filled(value, at));
  }

  #filled(value: StackValue, at: number): PickleValue {
    if (!(value instanceof UnfilledArray)) return value;
    if (value.filled === undefined) {
      throw damaged(this.#source, at, "an array in it has no content");
    }
    return value.filled;
  }

  #remember(index: number, at: number): void {
    const value = this.#stack.at(-1);
    if (value === undefined) throw damaged(this.#source, at, "its stack is empty");
    this.#memoSize = Math.max(this.#memoSize, index + 1);
    if (this.#fetched.has(index)) this.#memo.set(index, value);
  }

  #fetch(index: number, at: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) {
      throw damaged(this.#source, at, `it fetches ${index}, which was never put`);
    }
    this.#stack.push(value);
  }

  #setItems(map: StackValue, items: PickleValue[], at: number): PickleValue {
    if (!(map instanceof Map)) {
      throw damaged(this.#source, at, "it sets items of a value that is not a dict");
    }
    if (items.length % 2 === 1) throw damaged(this.#source, at, "a key in it has no value");
    for (let i = 0; i < items.length; i += 2) {
      const key = this.#key(items[i], at);
      if (items[i] instanceof Uint8Array && map.has(key)) {
        throw damaged(this.#source, at, `it has "${key}" as a key twice, as text and as bytes`);
      }
      map.set(key, items[i + 1]);
    }
    return map;
  }

  /** A key is text in Python 2's pickles, and bytes where Python 3 read those as bytes. */
  #key(key: PickleValue, at: number): PickleValue {
    if (key === null || typeof key !== "object") return key;
    if (key instanceof Uint8Array) return textOfBytes(key);
    if (key instanceof StoredText) return key.read();
    if (key instanceof PickleTuple || key instanceof StoredBytes) {
      throw new SyntaxError(
        `${this.#source.name} has ${
          describeValue(key)
        } as a key or in a set, where only texts and ` +
          `numbers are read (byte ${at})`,
      );
    }
    throw damaged(this.#source, at, `it has ${describeValue(key)} as a key or in a set`);
  }
}
