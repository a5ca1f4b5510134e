import { loadConfig } from "../../lib/config/mod.ts";
import { datasetFolder, prepareData } from "../../lib/stages/mod.ts";
import { FolderUses } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const root = new URL("../../", import.meta.url).pathname;
const ignore = !granted("read", "write", "run");

const program = `
  import { openExperiment } from "${root}lib/notebook/mod.ts";
  import { datasetFolder } from "${root}lib/stages/mod.ts";
  console.log = console.error;
  const experiment = await openExperiment(JSON.parse(Deno.args[0] ?? "{}"));
  const { config, data } = experiment;
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ config, data, folder: datasetFolder(experiment) })));
`;

/** The experiment as a process in another working folder opens it, and what it says of an error. */
async function openElsewhere(env: Record<string, string>) {
  const cwd = await Deno.makeTempDir();
  const args = ["eval", "--quiet", "--config", `${root}deno.json`, program];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env }).output();
  await Deno.remove(cwd); // which fails if something was written there
  const [text, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { ...JSON.parse(text || "{}"), error };
}

Deno.test({
  name:
    "openExperiment() reads SHOWTELL_CONFIG, a bundled config's name or a path as seen from the repository, wherever it runs",
  ignore,
  fn: async () => {
    const { config, data } = await openElsewhere({
      SHOWTELL_CONFIG: "configs/flickr8k_vgg16.jsonc",
    });
    assertEquals(config.name, "flickr8k_vgg16");
    assertEquals((await openElsewhere({ SHOWTELL_CONFIG: "flickr8k_vgg16" })).config, config);
    assertEquals(data, `${root}data`);
  },
});

Deno.test({
  name: "openExperiment() writes to SHOWTELL_DATA, and names a config that does not exist",
  ignore,
  fn: async () => {
    assertEquals((await openElsewhere({ SHOWTELL_DATA: "/elsewhere" })).data, "/elsewhere");
    const { error } = await openElsewhere({ SHOWTELL_CONFIG: "configs/none.jsonc" });
    assert(error.includes("ConfigError") && error.includes("configs/none.jsonc"), error);
  },
});

Deno.test({
  name:
    "openExperiment() resolves a config's paths from the repository, and names folders by the config as written",
  ignore,
  fn: async () => {
    const { config, data, folder } = await openElsewhere({ SHOWTELL_CONFIG: "flickr8k_vgg16" });
    const written = await loadConfig({ file: "flickr8k_vgg16" });
    assertEquals(written.dataset.kind === "flickr8k" && written.dataset.source, "flickr8k");
    assertEquals(config.dataset, { ...written.dataset, source: `${root}flickr8k` });
    assertEquals(config.encoder, written.encoder); // "imagenet" is not a path
    assertEquals(folder, datasetFolder({ config: written, data }));
  },
});

const again = `
  import { openExperiment } from "${root}lib/notebook/mod.ts";
  import { datasetFolder, prepareData } from "${root}lib/stages/mod.ts";
  const settings = JSON.parse(Deno.args[0]);
  const first = await openExperiment(settings);
  const captions = datasetFolder(first) + "/captions.parquet";
  await prepareData(first);
  await Deno.remove(captions);
  const second = await openExperiment(settings);
  await prepareData(second);
  await Deno.remove(captions);
  await prepareData(first);
  await Deno.stat(captions);
`;

Deno.test({
  name:
    "a kernel's cells, run again after damage, prepare the data again; another's uses are named",
  ignore: ignore || !granted("env", "sys", "ffi"),
  fn: async () => {
    const data = await Deno.makeTempDir();
    const dataset = { train: 40, dev: 5, test: 5, size: 48 };
    const settings = Object.entries(dataset).map(([key, value]) => [`dataset.${key}`, value]);
    const command = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", "--config", `${root}deno.json`, again].concat(
        JSON.stringify(Object.fromEntries(settings)),
      ),
      env: { SHOWTELL_DATA: data },
    });
    try {
      const { success, stderr } = await command.output();
      assert(success, new TextDecoder().decode(stderr));
      const overrides = settings.map(([key, value]) => `${key}=${value}`);
      const config = await loadConfig({ overrides });
      using uses = new FolderUses(); // as an idle kernel's
      await uses.use(datasetFolder({ config, data }));
      const said: string[] = [];
      const say = (line: string) => void said.push(line);
      const engine = () => Promise.reject(new Error("no engine is needed"));
      await prepareData({ config, data, say, engine });
      assert(said.some((line) => line.startsWith("The data set is prepared")), said.join("\n"));
      const refused = await command.output();
      const error = new TextDecoder().decode(refused.stderr);
      assert(error.includes("a notebook's kernel uses what it read until it is shut down"), error);
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  },
});
