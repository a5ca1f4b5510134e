/**
 * `deno doc --lint` over every room, without its complaints about packages' types: to it they are
 * private, and we cannot export them.
 */
const FOREIGN =
  /private type '(Tensor\w*|Browser|Scalar|Layer|LayersModel|DataFrame|input|output|decoders|Command|Zod\w*)'/;
const rooms = [...Deno.readDirSync("lib")].map(({ name }) => `lib/${name}/mod.ts`).toSorted();
const { stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...rooms],
  env: { NO_COLOR: "1" },
}).output();
const problems = new TextDecoder().decode(stderr).split(/\n(?=error\[)/)
  .filter((problem) => problem.startsWith("error[") && !FOREIGN.test(problem.split("\n")[0]));
for (const problem of problems) console.error(problem.trimEnd() + "\n");
if (problems.length > 0) Deno.exit(1);
