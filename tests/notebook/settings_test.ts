import { Run } from "../../lib/run/mod.ts";
import { loadConfig } from "../../lib/config/mod.ts";
import { openExperiment, type Settings } from "../../lib/notebook/mod.ts";
import { inSettings } from "../../lib/notebook/settings_words.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { printed } from "./printed.ts";

const ignore = !granted("read", "write", "env");

/** A data folder with a run of the default config. */
async function inData(check: (data: string) => Promise<void>): Promise<void> {
  const data = await Deno.makeTempDir();
  const before = Deno.env.get("SHOWTELL_DATA");
  Deno.env.set("SHOWTELL_DATA", data);
  try {
    await Run.named("shapes", data).begin(await loadConfig({}));
    await check(data);
  } finally {
    if (before === undefined) Deno.env.delete("SHOWTELL_DATA");
    else Deno.env.set("SHOWTELL_DATA", before);
    await Deno.remove(data, { recursive: true });
  }
}

/** The sentence of an error, which must be all that a notebook shows of it. */
async function refused(settings: Settings): Promise<string> {
  const error = await assertRejects(() => openExperiment(settings), Error);
  assertEquals(error.stack, `${error.name}: ${error.message}`);
  return error.message;
}

Deno.test({
  name: "openExperiment() takes settings by short names, dotted keys and as the config nests them",
  ignore,
  fn: () =>
    inData(async () => {
      await printed(async () => {
        const { config } = await openExperiment({
          name: "mine",
          epochs: 3,
          "training.batchSize": 16,
          model: { units: 8 },
          training: { earlyStopping: false },
        });
        const { training, model } = config;
        assertEquals([config.name, training.epochs, training.batchSize], ["mine", 3, 16]);
        assert(model.kind === "merge" && model.units === 8 && model.embedding === 128);
        assertEquals(training.earlyStopping, false);
        const own = await openExperiment({ photos: "/photos" });
        assertEquals(own.config.name, "my_photos");
        const { dataset } = own.config;
        assert(dataset.kind === "folder" && dataset.source === "/photos");
        const drawn = await openExperiment({ config: "shapes", name: "own", photos: "/photos" });
        assertEquals(drawn.config.encoder.kind, "shapes_cnn");
      });
    }),
});

Deno.test({
  name: "openExperiment() says in one sentence what cannot be read, and its cause",
  ignore,
  fn: () =>
    inData(async (data) => {
      await Deno.mkdir(`${data}/own.json`);
      const message = await refused({ config: `${data}/own.json` });
      assert(message.includes("is a folder, not a file: name a file"), message);
      const path = `${data}/runs/shapes/config.json`;
      const { sha256: _, ...old } = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify({ ...old, format: 1 }));
      const other = await refused({});
      assert(other.includes("config.json has format 1, but this version reads"), other);
      assert(other.includes("again, with overwrite"), other);
      await printed(async () => void await openExperiment({ overwrite: true }));
      await Deno.writeTextFile(path, JSON.stringify({ ...old, format: 1 }));
      const { cause } = await assertRejects(() => openExperiment(), Error);
      assert(cause instanceof Error && cause.message.includes("--overwrite"));
    }),
});

Deno.test({
  name: "openExperiment() says what it works on, and which setting was meant",
  ignore,
  fn: () =>
    inData(async () => {
      const [line] = await printed(async () => void await openExperiment({ name: "mine" }));
      assert(/^Run mine: shapes photos, shapes_cnn features, 12 epochs, in /.test(line), line);
      const sentences: [Settings, string][] = [
        [{ epoch: 3 }, "there is no setting epoch; did you mean epochs?"],
        [{ learningRate: 3 }, 'did you mean "training.learningRate"?'],
        [{ "training.epoch": 3 }, 'unknown key "training.epoch"; did you mean "training.epochs"?'],
        [{ epochs: 0.5 }, 'In the settings cell, "training.epochs" is 0.5; it must be'],
        [{ name: "../evil" }, '"name" is "../evil"'],
      ];
      for (const [settings, sentence] of sentences) {
        const message = await refused(settings);
        assert(message.includes(sentence), message);
        assert(!message.includes("--"), message);
      }
    }),
});

Deno.test({
  name: "openExperiment() refuses a run of other settings and offers a free name, or overwrites it",
  ignore,
  fn: () =>
    inData(async (data) => {
      await Deno.mkdir(`${data}/runs/shapes-2`);
      assertEquals(
        await refused({ epochs: 3 }),
        'there is a run "shapes" with others: training.epochs (12, now 3). Write another name in ' +
          'the settings cell, such as name: "shapes-3", or overwrite: true, which deletes that run.',
      );
      await printed(async () => {
        await openExperiment({ epochs: 13 }); // training resumes
        await openExperiment({ epochs: 3, overwrite: true });
      });
      assertEquals((await Run.named("shapes", data).readConfig()).training.epochs, 3);
      // Which is not deleted again.
      await Deno.writeTextFile(`${data}/runs/shapes/kept`, "");
      await printed(async () => void await openExperiment({ epochs: 3, overwrite: true }));
      await Deno.stat(`${data}/runs/shapes/kept`);
    }),
});

Deno.test("inSettings() turns options of the command line into settings", () => {
  const there = " (in the settings cell at the top)";
  for (
    const [message, words] of [
      [
        "Give this run another --name, or --overwrite it",
        `Give this run another name, or overwrite it${there}`,
      ],
      ["set --encoder.weights=imagenet", `set "encoder.weights": "imagenet"${there}`],
      ["start with --from data/runs/a", `start with "training.from" data/runs/a${there}`],
      ['--training.epochs: "training.epochs" is 0', 'In the settings cell, "training.epochs" is 0'],
      [
        "`deno task train --config=a.json` restores it",
        "`deno task train --config=a.json` restores it",
      ],
      ["A well-known caption -- this one", "A well-known caption -- this one"],
    ]
  ) assertEquals(inSettings(message), words);
});
