import process from "node:process";
import { Command, Help } from "commander";
import { visibleLines } from "../text/mod.ts";
import { wrongUse } from "./wrong_use.ts";

/** Options that many tasks share; in their help, each task's own come first. */
const SHARED = ["--config", "--name", "--published", "--json", "--debug", "--help"];

/**
 * The commander command of a `deno task`: `--debug`, defaults in `--help`, help on standard output.
 * It throws where commander would exit.
 *
 * @param keys dotted keys of the config that the task takes as options too
 * @internal
 */
export function taskCommand(
  name: string,
  description: string,
  keys: () => readonly string[] = () => [],
): Command {
  return throwsUsageErrors(new Command(), keys)
    .name(`deno task ${name}`)
    .description(description)
    .option("--debug", "print the stack trace of a failure", false)
    .helpOption("-h, --help", "show this help")
    .allowExcessArguments(false)
    .configureHelp({
      visibleOptions: (command) =>
        new Help().visibleOptions(command).toSorted((a, b) =>
          SHARED.indexOf(a.long!) - SHARED.indexOf(b.long!)
        ),
    })
    .configureOutput({
      writeOut: (help) => void process.stdout.write(visibleLines(help)),
      getOutHasColors: () => false, // reading the environment needs a permission
      getErrHasColors: () => false,
      outputError: () => {}, // it is thrown, and printed with all others
    });
}

/**
 * Makes wrong use of a command, or of a command under it, a {@linkcode UsageError}.
 *
 * @internal
 */
export function throwsUsageErrors(
  command: Command,
  keys: () => readonly string[] = () => [],
): Command {
  return command.exitOverride((error) => {
    throw wrongUse(command, error, keys) ?? error;
  });
}
