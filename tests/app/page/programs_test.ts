import { curl } from "../../../app/page/programs/curl.ts";
import { javascript } from "../../../app/page/programs/javascript.ts";
import { python } from "../../../app/page/programs/python.ts";
import { readExamplePhotos } from "../../../app/examples/photos.ts";
import { createServer, listen } from "../../../app/server/mod.ts";
import { findCommand } from "../../../lib/notebook/check/jupyter.ts";
import { assert } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { ToldEngine } from "./told_engine.ts";

const ignore = !granted("read", "write", "run", "net", "env", "sys", "ffi");

/** Runs a program in a folder with a `photo.jpg`, before a server. */
async function printed(program: (origin: string) => [command: string, ...args: string[]]) {
  const folder = await Deno.makeTempDir();
  const { url, stop } = listen(createServer({ engine: new ToldEngine() }), { port: 0 });
  try {
    const [photo] = await readExamplePhotos();
    await Deno.writeFile(`${folder}/photo.jpg`, photo.bytes);
    const [command, ...args] = program(url.slice(0, -1));
    const { stdout, stderr, success } = await new Deno.Command(command, { args, cwd: folder })
      .output();
    const text = new TextDecoder();
    assert(success, text.decode(stderr));
    return text.decode(stdout);
  } finally {
    await stop();
    await Deno.remove(folder, { recursive: true });
  }
}

const CAPTION = "a brown dog runs through the grass";

for (
  const [name, command, program] of [
    ["curl", "sh", (origin: string) => ["sh", "-c", curl(origin)]],
    ["JavaScript", "deno", (origin: string) => [Deno.execPath(), "eval", javascript(origin)]],
    ["Python", "python3", (origin: string) => ["python3", "-c", python(origin)]],
  ] as const
) {
  const isMissing = ignore || await findCommand(name === "curl" ? "curl" : command) === undefined &&
      name !== "JavaScript";
  Deno.test({
    name: `the page's lines of ${name} run as they stand`,
    ignore: isMissing,
    fn: async () => {
      const text = await printed((origin) => [...program(origin)] as [string, ...string[]]);
      assert(text.includes(CAPTION), text);
    },
  });
}
