import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { Random } from "../../lib/random/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { countOf, seed, textOption } from "../sample.ts";
import { damage, type Damaged } from "./damage.ts";
import { controlIn, faultOf, MOST_BYTES, MOST_SECONDS } from "./judge.ts";
import { type MadeFiles, type Reader, readers } from "./readers.ts";

/** Inputs over all readers; `-- inputs=2000 --seed=7` draws others, `only=` chooses readers. */
const INPUTS = countOf("inputs", { few: 200, all: 2000 });
const chosen = readers.filter(({ name }) => name.includes(textOption("only") ?? ""));

const ignore = !granted("read", "write", "ffi", "env", "sys", "run", "net");

for (const [index, reader] of chosen.entries()) {
  const inputs = Math.floor(INPUTS * (index + 1) / chosen.length) -
    Math.floor(INPUTS * index / chosen.length);
  Deno.test({
    name: `${reader.name}: ${inputs} damaged files are read, or refused in one sentence`,
    ignore,
    sanitizeResources: false,
    fn: async () => {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir({ prefix: "showtell-fuzz-" });
      try {
        const files = await reader.make();
        await write(folder, files);
        for (const file of reader.damaged ?? Object.keys(files)) {
          await reader.read(folder, file, () => {});
        }
        const random = new Random(seed, "fuzz", reader.name);
        const faults: string[] = [];
        for (let i = 0; i < inputs; i++) {
          const found = await tryOne(reader, files, random);
          if (found !== undefined) faults.push(`${i}: ${found}`);
        }
        assertEquals(faults, []);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** What is wrong with the answer to a damaged file. */
async function tryOne(
  reader: Reader,
  files: MadeFiles,
  random: Random,
): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "showtell-fuzz-" });
  const name = random.choice(reader.damaged ?? Object.keys(files));
  let { what, file } = damage(files[name], random);
  if (reader.onlyContent && !("bytes" in file)) {
    [what, file] = ["empty", { bytes: new Uint8Array() }];
  }
  try {
    await write(folder, files);
    await replace(`${folder}/${name}`, file);
    if (textOption("show") !== undefined) {
      Deno.stderr.writeSync(new TextEncoder().encode(`${name}, ${what}\n`));
    }
    const said: string[] = [];
    const before = Deno.memoryUsage().rss;
    resetPeak();
    const began = performance.now();
    let error: unknown;
    try {
      await inTime(reader.read(folder, name, (line) => said.push(line)));
    } catch (caught) {
      error = caught;
    }
    const seconds = (performance.now() - began) / 1000;
    const bytes = peak() - before;
    const names = Object.keys(files).map((path) => path.split("/").at(-1)!);
    const fault = seconds > MOST_SECONDS
      ? `${seconds.toFixed(0)} s`
      : bytes > MOST_BYTES
      ? `${(bytes / 1e6).toFixed(0)} MB`
      : error === undefined
      ? said.map((line) =>
        line.length > 2000
          ? `${line.length} characters are said: ${line.slice(0, 60)}`
          : line.includes("\n")
          ? "several lines are said at once"
          : controlIn(line)
      ).find((one) => one !== undefined)
      : faultOf(error, { folder, names });
    if (fault === undefined) return undefined;
    const { message, stack } = (error ?? {}) as Error;
    const trace = textOption("stack") === undefined ? "" : `\n${stack}`;
    return `${name}, ${what}: ${fault}: ${
      String(message).replaceAll(folder, "").slice(0, 500)
    }${trace}`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Ends a wait for a pipe or a device, which may never end by itself. */
async function inTime(work: unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it does not end")), MOST_SECONDS * 1000);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function write(folder: string, files: MadeFiles): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

async function replace(path: string, file: Damaged): Promise<void> {
  if ("bytes" in file) return await Deno.writeFile(path, file.bytes);
  await Deno.remove(path);
  if (file.instead === "a folder") await Deno.mkdir(path);
  else if (file.instead === "a device") await Deno.symlink("/dev/zero", path);
  else if (file.instead === "a circle of links") await Deno.symlink(path, path);
  else if (file.instead === "a pipe") {
    await new Deno.Command("mkfifo", { args: [path] }).output();
  }
}

/** Linux tells the largest memory since it was reset. */
function resetPeak(): void {
  try {
    Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  } catch {
    // another system: only the time is judged
  }
}

function peak(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
