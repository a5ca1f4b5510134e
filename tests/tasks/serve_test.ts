import { assert, assertEquals } from "../assert.ts";
import { startServer } from "./start_server.ts";
import { filesUnder, ignore, inFolder, json, run } from "./task.ts";

async function photosIn(folder: string): Promise<string[]> {
  const files = await filesUnder(`${folder}/data/datasets`);
  return files.filter((file) => file.endsWith(".jpg")).map((file) =>
    `${folder}/data/datasets/${file}`
  );
}

async function formOf(paths: string[]): Promise<FormData> {
  const form = new FormData();
  for (const path of paths) {
    form.append("photos", new Blob([await Deno.readFile(path)]), path.split("/").at(-1)!);
  }
  return form;
}

Deno.test({
  name:
    "serve gives the captions of `caption`, and answers what it accepted before SIGTERM ends it",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await json(folder, "train", "--config=tiny.json");
      const photos = (await photosIn(folder)).slice(0, 5);
      const { out } = await run(folder, "caption", "--run=tiny", "--json", ...photos);
      const expected = out.trim().split("\n").map((line) => JSON.parse(line).caption);

      const { child, url, models, err, reader } = await startServer(folder);
      assertEquals(models, ["tiny"]);
      const ask = async (paths: string[]) => {
        const answer = await fetch(`${url}api/captions`, {
          method: "POST",
          body: await formOf(paths),
        });
        return { status: answer.status, ...await answer.json() };
      };
      const captionsOf = ({ captions }: { captions: { caption: string }[] }) =>
        captions.map(({ caption }) => caption);
      assertEquals(captionsOf(await ask(photos)), expected);
      const page = await fetch(url);
      assert((await page.text()).startsWith("<!DOCTYPE html>"));

      const asked = Promise.all(Array.from({ length: 8 }, () => ask(photos)));
      const isAccepted = async () =>
        /^showtell_queued_photos [1-9]/m.test(await text(`${url}metrics`));
      for (let tries = 0; tries < 500 && !await isAccepted(); tries++);
      child.kill("SIGTERM");
      for (const answer of await asked) {
        if (answer.status === 200) assertEquals(captionsOf(answer), expected);
        else assertEquals(answer.status, 503, JSON.stringify(answer));
      }
      const { code } = await child.status;
      await reader.cancel();
      const last = (await err).trim().split("\n").at(-1);
      assertEquals([code, last], [143, "Answering what was accepted; nothing new is taken"]);
    }),
});

async function text(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

Deno.test({
  name: "serve says where it cannot listen",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await json(folder, "train", "--config=tiny.json", "--training.epochs=1");
      const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = taken.addr as Deno.NetAddr;
      const refused = await run(folder, "serve", `--port=${port}`);
      taken.close();
      assertEquals(refused.code, 1);
      assert(refused.err.includes(`Error: Port ${port} is taken: stop what`), refused.err);
      const nowhere = await run(folder, "serve", "--host=192.0.2.1", "--port=0");
      assertEquals(nowhere.code, 1);
      const sentence =
        /^Error: Cannot listen on 192\.0\.2\.1, port 0 \(.+\): choose another --host/m;
      assert(sentence.test(nowhere.err), nowhere.err);
    }),
});

Deno.test({
  name: "serve refuses what it cannot do in one sentence",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const refusal = async (...args: string[]) => {
        const { code, err } = await run(folder, "serve", ...args);
        return [code, err.trim().split("\n")[0]];
      };
      assertEquals(await refusal(), [
        2,
        "Error: There is no trained run in data: name one elsewhere by --run, or create the first " +
        "one: deno task train",
      ]);
      assertEquals(await refusal("--run=cats"), [
        1,
        'Error: There is no run "cats" in data/runs; `deno task train` creates the first one',
      ]);
      assertEquals(await refusal("--port=http"), [
        2,
        'Error: --port is "http"; it must be a whole number from 0 to 65535',
      ]);
      assertEquals(await refusal("--latency=0"), [
        2,
        'Error: --latency is "0"; it must be a number of seconds above 0',
      ]);
      assertEquals(await refusal("--allow-private=localhost:80"), [
        2,
        "Error: --allow-private needs --allow-urls: without it no address is fetched",
      ]);
    }),
});
