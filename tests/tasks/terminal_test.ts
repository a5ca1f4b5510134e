import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, startInTerminal } from "./task.ts";

const CTRL_C = "\x03";

/** What is left on the terminal, line by line, and whether it has its cursor and wraps lines. */
function look(output: string) {
  const last = (on: string, off: string) => output.lastIndexOf(on) >= output.lastIndexOf(off);
  const escape = String.fromCharCode(27);
  const escapes = new RegExp(`${escape}(\\[[?\\d;]*[A-Za-z]|[78])`, "g");
  const toColumn = new RegExp(`${escape}\\[\\d*G|\\r`);
  const lines = output.split("\n").map((line) =>
    line.replace(/\r$/, "").split(toColumn).at(-1)!.replace(escapes, "")
  );
  return {
    lines: lines.filter((line) => line !== ""),
    hasCursor: last("\x1b[?25h", "\x1b[?25l"),
    wraps: last("\x1b[?7h", "\x1b[?7l"),
  };
}

/** Runs a task in a terminal; Ctrl-C is pressed once it shows a text. */
async function inTerminal(
  folder: string,
  columns: number,
  args: [string, ...string[]],
  interruptAt?: string,
) {
  const child = await startInTerminal(folder, columns, ...args);
  const keys = child.stdin.getWriter();
  let output = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += part;
    if (interruptAt === undefined || !output.includes(interruptAt)) continue;
    interruptAt = undefined;
    await keys.write(new TextEncoder().encode(CTRL_C));
  }
  const { code } = await child.status;
  await keys.close().catch(() => {});
  return { code, ...look(output), output };
}

for (const columns of [80, 140]) {
  Deno.test({
    name: `a terminal of ${columns} columns: the table of epochs fits, and an error is read whole`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        const trained = await inTerminal(folder, columns, ["train", "--config", "tiny.json"]);
        assertEquals([trained.code, trained.hasCursor, trained.wraps], [0, true, true]);
        const rows = trained.lines.filter((line) => /^ +(epoch|\d\/2) /.test(line));
        assertEquals(rows.map((row) => row.trim().split(/ +/)[0]), ["epoch", "1/2", "2/2"]);
        assert(rows.every((row) => row.length <= columns), rows.join("\n"));
        const failed = await inTerminal(folder, columns, [
          "train",
          "--config=tiny.json",
          "--name=broken",
          "--training.learningRate=1e30",
        ]);
        assertEquals([failed.code, failed.hasCursor, failed.wraps], [1, true, true]);
        const error = failed.lines.join("").split("Error: ")[1];
        assert(
          /^Training broke: the loss became .* look for odd feature values$/.test(error),
          error,
        );
      }),
  });

  Deno.test({
    name: `a terminal of ${columns} columns: Ctrl-C in any stage says where, and that it resumes`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        const long = ["--config=tiny.json", "--dataset.train=900", "--training.epochs=400"];
        for (const stage of ["Photos", "Features", "Epoch 2"]) {
          const { code, hasCursor, wraps, lines, output } = await inTerminal(
            folder,
            columns,
            ["train", ...long],
            `${stage} `,
          );
          assertEquals([code, hasCursor, wraps], [130, true, true], output);
          const end = lines.at(-1)!;
          assert(
            /^Interrupted (at|after) \w.*\. What is finished is kept; the same command resumes\.$/
              .test(end),
            end,
          );
        }
      }),
  });
}
