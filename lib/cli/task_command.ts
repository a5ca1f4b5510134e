import { Command } from "commander";

/**
 * The commander command of a `deno task`: `--debug`, defaults in `--help`, help on standard output,
 * errors on standard error with a pointer to `--help`. It throws where commander would exit.
 *
 * @internal
 */
export function taskCommand(name: string, description: string): Command {
  return new Command()
    .name(`deno task ${name}`)
    .description(description)
    .option("--debug", "print the stack trace of a failure", false)
    .helpOption("-h, --help", "show this help")
    .showHelpAfterError("See --help for the options and their defaults.")
    .allowExcessArguments(false)
    .configureOutput({
      getOutHasColors: () => false, // reading the environment needs a permission
      getErrHasColors: () => false,
      outputError: (text, write) =>
        write(text.replace(/^error: ./, (start) => `Error: ${start[7].toUpperCase()}`)),
    })
    .exitOverride();
}
