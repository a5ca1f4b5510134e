import { assertEquals } from "./assert.ts";
import { granted } from "./permissions.ts";

Deno.test({
  name: "every package with a build script is denied it: a first command shows no box about them",
  ignore: !granted("read"),
  async fn() {
    const read = async (file: string) =>
      JSON.parse(await Deno.readTextFile(new URL(`../${file}`, import.meta.url)));
    const locked: Record<string, { scripts?: boolean }> = (await read("deno.lock")).npm;
    const having = Object.entries(locked).filter(([, { scripts }]) => scripts)
      .map(([name]) => `npm:${/^@?[^@]+/.exec(name)![0]}`);
    const { allow, deny } = (await read("deno.json")).allowScripts;
    assertEquals(allow, []); // a script whose host cannot be reached would end every task
    assertEquals(deny, having.sort());
  },
});
