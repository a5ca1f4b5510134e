const IS_MAC = Deno.build.os === "darwin";
const IS_MUSL = Deno.build.target.includes("musl");
const MUSL = `libc.musl-${Deno.build.arch}.so.1`;

const RTLD_NOW = 2;
const RTLD_NODELETE = IS_MAC ? 0x80 : 0x1000;
const O_RDONLY = 0;
const O_WRONLY = 1;
const STANDARD_ERROR = 2;
const GLOB_WORDS = 16; // more than sizeof(glob_t) / 8 anywhere
const NATIVE_TEXT = 32 << 10;
const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;

function open() {
  return Deno.dlopen(IS_MAC ? "libSystem.B.dylib" : IS_MUSL ? MUSL : "libc.so.6", {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    /** The same in another thread. */
    dlopenAside: {
      name: "dlopen",
      parameters: ["buffer", "i32"],
      result: "pointer",
      nonblocking: true,
    },
    dlerror: { parameters: [], result: "pointer" },
    memcpy: { parameters: ["pointer", "buffer", "usize"], result: "pointer" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    glob: { parameters: ["buffer", "i32", "pointer", "buffer"], result: "i32" },
    globfree: { parameters: ["buffer"], result: "void" },
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    malloc_trim: { parameters: ["usize"], result: "i32", optional: true },
    mallopt: { parameters: ["i32", "i32"], result: "i32", optional: true },
  });
}

let library: ReturnType<typeof open> | undefined;

/** The C library's functions that the binding needs, opened once. */
export function libc(): ReturnType<typeof open>["symbols"] {
  library ??= open();
  return library.symbols;
}

/** A NUL-terminated copy for a C function. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text + "\0");
}

/**
 * Loads a library, in another thread, and never unloads it. Deno closes what it opened when it
 * exits, while TensorFlow's threads still run in it: the process would crash.
 *
 * @throws {Error} if it cannot be loaded, with the loader's own message
 */
export async function pinLibrary(path: string): Promise<void> {
  const name = cString(path);
  const flags = RTLD_NOW | RTLD_NODELETE;
  if (await libc().dlopenAside(name, flags) !== null) return;
  // The loader keeps its message for the thread that asked, so this one asks again.
  if (libc().dlopen(name, flags) !== null) return;
  const reason = libc().dlerror();
  throw new Error(
    `Cannot load ${path}: ${
      reason ? new Deno.UnsafePointerView(reason).getCString() : "no reason given"
    }`,
  );
}

/**
 * Runs `work` with the process' standard error closed to native code's log lines. It is closed to the
 * whole process: what works beside it has to hold its lines back until it ends.
 *
 * @param signal opens it again at once, so that an interrupt can be reported
 */
export async function withoutNativeLog<T>(
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (signal?.aborted) return await work();
  const nowhere = libc().open(cString("/dev/null"), O_WRONLY);
  const kept = libc().dup(STANDARD_ERROR);
  libc().dup2(nowhere, STANDARD_ERROR);
  libc().close(nowhere);
  const open = () => void libc().dup2(kept, STANDARD_ERROR);
  signal?.addEventListener("abort", open);
  try {
    return await work();
  } finally {
    signal?.removeEventListener("abort", open);
    open();
    libc().close(kept);
  }
}

/**
 * A file's text up to 32 KiB, read past Deno's own refusals (`/proc/driver`, `/proc/cpuinfo`);
 * undefined if it cannot be read.
 */
export function readNatively(path: string): string | undefined {
  const file = libc().open(cString(path), O_RDONLY);
  if (file < 0) return undefined;
  const bytes = new Uint8Array(NATIVE_TEXT);
  let length = 0;
  let read: number;
  do { // the kernel's own files come a page at a time
    const rest = bytes.subarray(length);
    read = Number(libc().read(file, rest, BigInt(rest.length)));
    length += Math.max(0, read);
  } while (read > 0);
  libc().close(file);
  return read < 0 ? undefined : new TextDecoder().decode(bytes.subarray(0, length));
}

/** The paths that fit a pattern of the shell, in order. */
export function globNatively(pattern: string): string[] {
  const found = new BigUint64Array(GLOB_WORDS); // glob_t: count, list of strings, …
  if (libc().glob(cString(pattern), 0, null, found) !== 0) return [];
  const list = new BigUint64Array(Number(found[0]));
  if (list.length > 0) {
    Deno.UnsafePointerView.copyInto(Deno.UnsafePointer.create(found[1])!, list);
  }
  const paths = Array.from(
    list,
    (path) => new Deno.UnsafePointerView(Deno.UnsafePointer.create(path)!).getCString(),
  );
  libc().globfree(found);
  return paths;
}

/**
 * Lets glibc keep freed memory for the next tensor. By default a large block
 * (up to 32 MB here; glibc sets that limit) comes fresh from the kernel, and much
 * of a training step would go to page faults. Does nothing where there is no `mallopt`.
 */
export function keepFreedMemory(): void {
  libc().mallopt?.(M_MMAP_THRESHOLD, 32 << 20);
  libc().mallopt?.(M_TRIM_THRESHOLD, 512 << 20);
}

/**
 * Gives what glibc kept back to the kernel, for when the next operation is of another kind. Does nothing
 * where there is no `malloc_trim`.
 */
export function giveFreedMemoryBack(): void {
  library?.symbols.malloc_trim?.(0n); // not open: no native engine, nothing kept
}
