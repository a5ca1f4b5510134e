import { Random } from "../../../lib/random/mod.ts";
import { sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { inTempFolder } from "../temp_folder.ts";
import { drawnFaults, drawnIds, drawnPhotos, servePhotos } from "./photo_server.ts";

const KILLS = 10;
const ids = drawnIds(7, 600);
const photos = drawnPhotos(7, ids);

async function photosIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder)))
      .filter(({ name }) => name.endsWith(".jpg"))
      .map(({ name }) => name.slice(0, -4));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test({
  name:
    "fetchPhotos() killed ten times by SIGKILL loses nothing and fetches nothing complete again",
  ignore: !granted("read", "write", "net", "run"),
  sanitizeOps: false, // connections cut on purpose
  sanitizeResources: false,
  fn: () =>
    inTempFolder(async (folder) => {
      await using server = servePhotos({ photos, fault: drawnFaults(7), latency: 4 });
      await Deno.writeTextFile(`${folder}/ids.json`, JSON.stringify(ids));
      const child = new URL("./fetch_until_killed.ts", import.meta.url).pathname;
      const start = () =>
        new Deno.Command(Deno.execPath(), {
          args: ["run", "-q", "--no-check", "-A", child, "ids.json", "photos", server.endpoint],
          cwd: folder,
          stdout: "piped",
        }).spawn();
      const random = new Random(7, "kills");
      const complete = new Set<string>();
      let met = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const before = server.requests.length;
        const process = start();
        const moment = before + random.integer(1, 80);
        while (server.requests.length < moment) await new Promise((done) => setTimeout(done, 1));
        await new Promise((done) => setTimeout(done, random.integer(0, 8)));
        process.kill("SIGKILL");
        const { signal } = await process.output();
        if (signal === "SIGKILL") met++;
        const again = server.requests.slice(before).map((name) => name.slice(name.indexOf("/") + 1))
          .filter((id) => complete.has(id));
        assertEquals(again, [], "asked for again, though complete");
        for (const id of await photosIn(`${folder}/photos`)) {
          const bytes = await Deno.readFile(`${folder}/photos/${id}.jpg`);
          assertEquals(sha256(bytes), sha256(photos.get(`train/${id}`)!), "half under its name");
          complete.add(id);
        }
        for (const id of complete) await Deno.stat(`${folder}/photos/${id}.jpg`); // nothing is lost
      }
      assertEquals(met, KILLS);
      assert(complete.size > 50 && complete.size < ids.length, `${complete.size}`);
      const before = server.requests.length;
      const { code, stdout } = await start().output();
      assertEquals(code, 0);
      const fates = JSON.parse(new TextDecoder().decode(stdout));
      assertEquals(fates, ids.map((id) => [id, sha256(photos.get(`train/${id}`)!)]));
      const last = new Set(server.requests.slice(before).map((name) => name.split("/")[1]));
      assertEquals(last.size, ids.length - complete.size);
      assertEquals([...last].filter((id) => complete.has(id)), []);
      const left = [...Deno.readDirSync(`${folder}/photos`)].map(({ name }) => name);
      assertEquals(left.sort(), [...ids.map((id) => `${id}.jpg`), "fetched.jsonl"].sort());
    }),
});
