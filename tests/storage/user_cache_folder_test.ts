import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { userCacheFolder } from "../../lib/storage/mod.ts";

Deno.test({
  name: "userCacheFolder() lies in the home folder",
  ignore: !granted("env"),
  fn: () => assertEquals(userCacheFolder(), `${Deno.env.get("HOME")}/.cache/showtell`),
});
