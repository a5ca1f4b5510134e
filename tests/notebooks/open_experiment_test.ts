import { loadConfig } from "../../lib/config/mod.ts";
import { datasetFolder, openExperiment } from "../../lib/stages/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const root = new URL("../../", import.meta.url).pathname;
const ignore = !granted("read", "write", "env");

/** Does work in another working folder, with these environment variables. */
async function elsewhere(
  variables: Record<string, string>,
  work: (folder: string) => Promise<void>,
) {
  const [before, folder] = [Deno.cwd(), await Deno.makeTempDir()];
  Deno.chdir(folder);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await work(Deno.cwd());
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
    Deno.chdir(before);
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "openExperiment() reads SHOWTELL_CONFIG, a bundled config's name or a path as seen from the repository, wherever it runs",
  ignore,
  fn: () =>
    elsewhere({ SHOWTELL_CONFIG: "configs/flickr8k_vgg16.jsonc" }, async (folder) => {
      const { config, data } = await openExperiment();
      assertEquals(config.name, "flickr8k_vgg16");
      Deno.env.set("SHOWTELL_CONFIG", "flickr8k_vgg16");
      assertEquals((await openExperiment()).config, config);
      assertEquals(data, `${root}data`);
      assertEquals(Deno.cwd(), folder);
    }),
});

Deno.test({
  name: "openExperiment() writes to SHOWTELL_DATA, and names a config that does not exist",
  ignore,
  fn: async () => {
    await elsewhere({ SHOWTELL_DATA: "/elsewhere" }, async () => {
      assertEquals((await openExperiment()).data, "/elsewhere");
    });
    await elsewhere({ SHOWTELL_CONFIG: "configs/none.jsonc" }, async () => {
      await assertRejects(() => openExperiment(), Error, "configs/none.jsonc");
    });
  },
});

Deno.test({
  name:
    "openExperiment() resolves a config's paths from the repository, and names folders by the config as written",
  ignore,
  fn: () =>
    elsewhere({ SHOWTELL_CONFIG: "flickr8k_vgg16" }, async () => {
      const experiment = await openExperiment();
      const written = await loadConfig({ file: "flickr8k_vgg16" });
      assertEquals(written.dataset.kind === "flickr8k" && written.dataset.source, "flickr8k");
      const source = `${root}flickr8k`;
      assertEquals(experiment.config.dataset as object, { ...written.dataset, source });
      assertEquals(experiment.config.encoder, written.encoder); // "imagenet" is not a path
      const { data } = experiment;
      assertEquals(datasetFolder(experiment), datasetFolder({ config: written, data }));
    }),
});
