import { configSchema } from "../../lib/config/config.ts";
import { type Config, loadConfig, networkOf, resolvePaths } from "../../lib/config/mod.ts";
import { configJsonSchema, type JsonSchema } from "../../lib/config/json_schema.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

const withPaths = async (overrides: string[]): Promise<Config> =>
  resolvePaths(await loadConfig({ overrides }), "/home");

Deno.test({
  name: "resolvePaths() makes relative paths absolute, and nothing else",
  ignore,
  async fn() {
    const config = await loadConfig({
      overrides: [
        "dataset.kind=flickr8k",
        "dataset.source=photos/8k",
        "encoder.weights=vgg.h5",
        "encoder.features=../f.npz",
        "training.from=data/runs/a",
      ],
    });
    assertEquals(resolvePaths(config, "/home/me"), {
      ...config,
      dataset: { ...config.dataset, source: "/home/me/photos/8k" } as Config["dataset"],
      encoder: { ...config.encoder, weights: "/home/me/vgg.h5", features: "/home/f.npz" },
      training: { ...config.training, from: "/home/me/data/runs/a" },
    });
    assertEquals(configSchema.parse(resolvePaths(config, "/home")), resolvePaths(config, "/home"));
  },
});

Deno.test({
  name: "resolvePaths() leaves absolute paths and the words for weights as they are",
  ignore,
  async fn() {
    for (const weights of ["imagenet", "random", "/data/vgg.h5"]) {
      const { encoder } = await withPaths(["encoder.kind=vgg16", `encoder.weights=${weights}`]);
      assertEquals(networkOf(encoder).weights, weights);
    }
  },
});

Deno.test({
  name:
    "resolvePaths() takes a photo folder from the source where it is there, else from the folder",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/source/inside`, { recursive: true });
      for (const [images, expected] of [["inside", "inside"], ["beside", `${folder}/beside`]]) {
        const overrides = ["dataset.kind=folder", "dataset.source=source"]
          .concat(`dataset.images=${images}`);
        const { dataset } = resolvePaths(await loadConfig({ overrides }), folder);
        assertEquals((dataset as { images?: string }).images, expected);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("every setting that is a file or a folder is declared as a path, or is relative to source", () => {
  const unmarked: string[] = [];
  const walk = ({ properties, anyOf, oneOf, items, ...schema }: JsonSchema, path: string) => {
    for (const [key, inner] of Object.entries(properties ?? {})) walk(inner, `${path}.${key}`);
    for (const inner of [...anyOf ?? [], ...oneOf ?? []]) walk(inner, path);
    if (items !== undefined) walk(items, path);
    const { description = "" } = schema;
    const isText = schema.type === "string" && schema.enum === undefined &&
      schema.const === undefined && schema.format !== "uri";
    const isPath = /\b(files?|folders?|runs?) ?/.test(description);
    const isElsewhere = /relative to source|in dataset\.images|as in the/.test(description);
    if (isText && isPath && !isElsewhere && schema.path === undefined) unmarked.push(path);
  };
  walk(configJsonSchema(), "");
  assertEquals([...new Set(unmarked)], [".name"]); // names the run's folder
});
