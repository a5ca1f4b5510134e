import { join } from "node:path";
import { datasetSettings } from "../../../lib/datasets/mod.ts";
import { exists, sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { prepareDataset } from "../prepare_files.ts";
import { inTempFolder } from "../temp_folder.ts";
import { zipOf } from "./zip.ts";

const ignore = !granted("read", "write", "net", "env");

const photos = zipOf([{ name: "Flicker8k_Dataset/a.jpg", content: "a" }]);
const texts = zipOf([{ name: "Flickr8k.token.txt", content: "a.jpg#0\tA dog .\n" }]);

/** Serves archives and files while something runs; counts the requests. */
async function serving(
  fn: (address: string, requests: string[], hosts: string[]) => Promise<void>,
  files: Record<string, Uint8Array | string> = {},
): Promise<void> {
  const requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const file = files[pathname.slice(1)];
    if (file !== undefined) return new Response(file as BodyInit);
    if (pathname.endsWith("photos.zip")) return new Response(photos as BodyInit);
    if (pathname.endsWith("texts.zip")) return new Response(texts as BodyInit);
    return new Response("no", { status: 404 });
  });
  try {
    const host = `127.0.0.1:${server.addr.port}`;
    await fn(`http://${host}`, requests, [host]);
  } finally {
    await server.shutdown();
  }
}

/** Names in a folder, sorted. */
const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** A folder of data with a data set's folder in it, as `prepare` has them, and a source. */
function placesIn(folder: string) {
  return {
    folder: join(folder, "data/datasets/flickr8k"),
    source: join(folder, "data/flickr8k"),
    downloads: join(folder, "data/flickr8k/downloads"),
  };
}

/** That downloads are refused in one sentence with these words. */
async function assertRefused(
  { source, folder }: { source: string; folder: string },
  downloads: unknown[],
  ...words: string[]
): Promise<void> {
  const settings = datasetSettings.parse({ kind: "flickr8k", source, downloads });
  const { message } = await assertRejects(() => prepareDataset(settings, { folder }), Error);
  for (const word of words) assert(message.includes(word), `${message} lacks ${word}`);
  assert(!message.includes("\n"), message);
}

Deno.test({
  name: "flickr8k: downloads are fetched once, checked, unpacked into their own folder and used",
  ignore,
  fn: () =>
    serving((address, requests, hosts) =>
      inTempFolder(async (temporary) => {
        const { folder, source, downloads } = placesIn(temporary);
        const given = [
          { url: `${address}/photos.zip`, sha256: sha256(photos).toUpperCase(), hosts },
          { url: `${address}/texts.zip?raw=1` },
        ];
        const settings = datasetSettings.parse({ kind: "flickr8k", source, downloads: given });
        const said: string[] = [];
        for (let i = 0; i < 2; i++) {
          const say = (line: string) => said.push(line);
          const { captions } = await prepareDataset(settings, { folder, say });
          assertEquals(captions.map((row) => row.caption), ["A dog ."]);
        }
        assertEquals(requests, ["/photos.zip", "/texts.zip"]);
        assertEquals(said.filter((line) => line.startsWith("Downloading")).length, 2);
        assertEquals(namesIn(source), ["downloads"]);
        assertEquals(namesIn(downloads), [
          ".showtell-downloads.json",
          "Flicker8k_Dataset",
          "Flickr8k.token.txt",
        ]);
        // Without its note, all is found to be there already.
        await Deno.remove(join(downloads, ".showtell-downloads.json"));
        await prepareDataset(settings, { folder });
        assertEquals(requests.length, 4);
        await Deno.writeTextFile(join(downloads, ".showtell-downloads.json"), "{}");
        await assertRefused({ source, folder }, given, "delete it");
      })
    ),
});

Deno.test({
  name: "flickr8k: a download of another checksum is refused and nothing unpacked",
  ignore,
  fn: () =>
    serving((address, _, hosts) =>
      inTempFolder(async (temporary) => {
        const places = placesIn(temporary);
        const url = `${address}/photos.zip`;
        await assertRefused(places, [{ url, sha256: "0".repeat(64), hosts }], url);
        assertEquals(namesIn(places.downloads), [
          "photos.zip.part",
          "photos.zip.part.json",
        ]);
        await assertRefused(places, [{ url }], "private network", "hosts of dataset.downloads");
      })
    ),
});

Deno.test({
  name:
    "downloads go neither into the user's cache nor to runs, caches and exports, links followed",
  ignore,
  fn: () =>
    serving((address, requests, hosts) =>
      inTempFolder(async (temporary) => {
        const { folder } = placesIn(temporary);
        const home = Deno.env.get("HOME");
        Deno.env.set("HOME", temporary);
        try {
          const library = ".cache/showtell/tensorflow-2.21.0-cpu/tensorflow";
          await Deno.mkdir(join(temporary, library), { recursive: true });
          await Deno.mkdir(join(temporary, "data/runs/shapes"), { recursive: true });
          await Deno.symlink(join(temporary, library), join(temporary, "data/link"));
          await Deno.mkdir(join(temporary, "data/linked"));
          await Deno.symlink(
            join(temporary, "data/runs"),
            join(temporary, "data/linked/downloads"),
          );
          const places = [
            library,
            ".cache/showtell/tensorflow-2.21.0-cuda",
            ".cache/showtell",
            "data/link",
            "data/link/not/yet/there",
            "data/linked",
            "data/runs/shapes",
            "data/runs",
            "data/datasets/x",
            "data/features/x",
            "data/exports",
            "data/x/../exports",
          ];
          for (const place of places) {
            for (const name of ["photos.zip", "texts.txt"]) {
              await assertRefused(
                { folder, source: `${temporary}/${place}` },
                [{ url: `${address}/${name}`, hosts }],
                "Nothing is downloaded into",
                "set dataset.source to another folder",
              );
            }
          }
          assertEquals(requests, []);
          assertEquals([namesIn(join(temporary, library)), namesIn(join(temporary, "data/runs"))], [
            [],
            ["shapes"],
          ]);
          assertEquals(namesIn(join(temporary, ".cache/showtell")), ["tensorflow-2.21.0-cpu"]);
        } finally {
          if (home === undefined) Deno.env.delete("HOME");
          else Deno.env.set("HOME", home);
        }
      })
    ),
});

Deno.test({
  name: "an archive is unpacked over no file, folder or link, and a plain download replaces none",
  ignore,
  fn: () => {
    const files = {
      "over.zip": zipOf([{ name: "new.txt", content: "new" }, {
        name: "a/b.txt",
        content: "evil",
      }]),
      "link.zip": zipOf([{ name: "new.txt", content: "new" }, { name: "out/b.txt", content: "x" }]),
      "file.zip": zipOf([{ name: "new.txt", content: "new" }, { name: "c/d", content: "x" }]),
      "folder.zip": zipOf([{ name: "new.txt", content: "new" }, { name: "a", content: "x" }]),
      "twice.zip": zipOf([{ name: "x", content: "1" }, { name: "x", content: "2" }]),
      "escape.zip": zipOf([{ name: "../../../../x", content: "1" }]),
      "note.zip": zipOf([{ name: ".showtell-downloads.json", content: "{}" }]),
      "plain.txt": "what was downloaded",
    };
    return serving((address, _, hosts) =>
      inTempFolder(async (temporary) => {
        const places = placesIn(temporary);
        const { downloads } = places;
        await Deno.mkdir(join(downloads, "a"), { recursive: true });
        await Deno.writeTextFile(join(downloads, "a/b.txt"), "mine");
        await Deno.writeTextFile(join(downloads, "c"), "mine");
        await Deno.writeTextFile(join(downloads, "plain.txt"), "mine");
        await Deno.symlink(temporary, join(downloads, "out"));
        const before = namesIn(downloads);
        const refused = async (name: string, word: string, more = {}) => {
          await assertRefused(places, [{ url: `${address}/${name}`, hosts, ...more }], word);
          await Deno.remove(join(downloads, name)).catch(() => {});
          if (name !== "plain.txt") assertEquals(namesIn(downloads), before);
        };
        await refused("over.zip", "a/b.txt is there already, as another file");
        await refused("link.zip", "out is a symbolic link");
        await refused("file.zip", "c is there already, as a file");
        await refused("folder.zip", "a is there already, as a folder");
        await refused("twice.zip", "x occurs twice");
        await refused("escape.zip", "invalid relative path");
        await refused("note.zip", "kept for notes");
        assertEquals(await exists(join(temporary, "b.txt")), false);
        assertEquals(await Deno.readTextFile(join(downloads, "a/b.txt")), "mine");
        const sha = sha256(files["plain.txt"]);
        const url = `${address}/plain.txt`;
        await assertRefused(places, [{ url, hosts, sha256: sha }], "and is not replaced");
        assertEquals(await Deno.readTextFile(join(downloads, "plain.txt")), "mine");
      }), files);
  },
});

Deno.test({
  name:
    "what was downloaded before is replaced if its address has something else, but not if altered",
  ignore,
  fn: () => {
    const files = { "texts.txt": "first" };
    return serving((address, _, hosts) =>
      inTempFolder(async (temporary) => {
        const places = placesIn(temporary);
        const path = join(places.downloads, "texts.txt");
        const url = `${address}/texts.txt`;
        const noCaptions = "There is no photo folder";
        await assertRefused(places, [{ url, hosts, sha256: sha256("first") }], noCaptions);
        assertEquals(await Deno.readTextFile(path), "first");
        files["texts.txt"] = "second";
        await assertRefused(places, [{ url, hosts, sha256: sha256("second") }], noCaptions);
        assertEquals(await Deno.readTextFile(path), "second");
        files["texts.txt"] = "third";
        await Deno.writeTextFile(path, "altered");
        await assertRefused(places, [{ url, hosts, sha256: sha256("third") }], "is not replaced");
        assertEquals(await Deno.readTextFile(path), "altered");
      }), files);
  },
});
