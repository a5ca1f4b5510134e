import { loadConfig } from "../../lib/config/mod.ts";
import { datasetFolder } from "../../lib/stages/mod.ts";
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
