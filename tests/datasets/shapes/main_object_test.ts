import {
  datasetMetric,
  datasetSettings,
  openDataset,
  type TableRow,
  writeDataset,
} from "../../../lib/datasets/mod.ts";
import { sceneOf } from "../../../lib/datasets/shapes.ts";
import { assertEquals, assertRejects, assertThrows } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");
const split = (text: string) => text.split(" ");

Deno.test({
  name: "datasetMetric() of shapes: share of captions that name the main object",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const settings = datasetSettings.parse({ kind: "shapes", train: 40, dev: 1, test: 2 });
      const prepared = await (await openDataset(settings, { folder })).prepare();
      await writeDataset(folder, prepared);
      const scenes = (prepared.tables!.scenes as TableRow[]).map(sceneOf).slice(0, 2);
      const photos = scenes.map(({ photo }) => photo);
      const metric = (await datasetMetric("shapes", folder, photos))!;
      const [first, second] = scenes;
      const right = split(`a ${first.colour} ${first.shape} on grass`);
      const shapeAlone = split(`a ${second.shape}`);
      assertEquals(metric.caption(right, 0), {
        "main-shape": 1,
        "main-colour": 1,
        "main-object": 1,
      });
      assertEquals(metric.corpus([right, shapeAlone]), {
        "main-shape": 1,
        "main-colour": 0.5,
        "main-object": 0.5,
      });
      assertEquals(metric.corpus([[], []])["main-shape"], 0);
      assertThrows(() => metric.corpus([right]), RangeError, "1 candidates");
      await assertRejects(
        () => datasetMetric("shapes", folder, ["gone.jpg"]),
        RangeError,
        "gone.jpg",
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("datasetMetric() of a data set without a metric of its own is undefined", async () => {
  assertEquals(await datasetMetric("flickr8k", "nowhere", []), undefined);
});
