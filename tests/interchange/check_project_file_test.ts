import { openFeaturesFile, recogniseFile } from "../../lib/interchange/mod.ts";
import { readTokenizerFile } from "../../lib/interchange/tokenizer_file.ts";
import { assert, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { withFile } from "./temp_file.ts";

const contents: Record<string, string> = {
  "a Git LFS pointer": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n",
  "a web page": "<!DOCTYPE html><title>404</title>",
  "a server's answer": '{"error": "Repository not found"}',
  "compressed by gzip": "\x1f\x8b\x08\0",
  "a text that begins image,caption": "image,caption\n1.jpg,a dog\n",
};

const readers: Record<string, (path: string) => unknown> = {
  recogniseFile,
  openFeaturesFile,
  readTokenizerFile,
};

for (const [name, read] of Object.entries(readers)) {
  for (const [what, content] of Object.entries(contents)) {
    Deno.test({
      name: `${name}() says that it is ${what}`,
      ignore: !granted("read", "write"),
      fn: () =>
        withFile(Uint8Array.from(content, (c) => c.charCodeAt(0)), async (path) => {
          const error = await assertRejects(
            async () => await read(path),
            SyntaxError,
            `but ${what}`,
          );
          assert(error.message.startsWith(`${path} is not a `), error.message);
        }),
    });
  }
}
