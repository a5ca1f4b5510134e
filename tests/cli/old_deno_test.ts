import { oldDeno } from "../../lib/cli/old_deno.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("oldDeno() names the least version to an older Deno, and is silent to others", () => {
  for (const version of ["1.46.3", "2.0.0", "2.4.4", "2.6.10"]) {
    const problem = oldDeno(version);
    assert(problem?.startsWith(`Showtell needs Deno 2.7 or later, and this is Deno ${version}: `));
  }
  for (const version of ["2.7.0", "2.9.6", "2.10.0", "2.11.0+8d5b4a2", "3.0.0"]) {
    assertEquals(oldDeno(version), undefined);
  }
});
