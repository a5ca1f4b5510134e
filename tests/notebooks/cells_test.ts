import { checkCells, problemText } from "../../lib/notebook/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { notebookNames } from "./notebook_names.ts";

Deno.test({
  name: "the notebooks' cells pass the type check and lint",
  ignore: !granted("read", "write", "run"),
  async fn() {
    const folder = new URL("../../notebooks/", import.meta.url).pathname;
    const paths = notebookNames.map((name) => `${folder}${name}.ipynb`);
    assertEquals((await checkCells(paths)).map(problemText), []);
  },
});
