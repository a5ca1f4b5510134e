import type { Argument, Command, CommanderError, Option } from "commander";
import { nearName, wordList } from "../text/mod.ts";
import { optionHint } from "./option_hint.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Commander's error as one sentence: what was found on the command line, and what to type instead.
 *
 * @param keys dotted keys that may be set by options too
 * @returns undefined for what is not an error, such as `--help`
 */
export function wrongUse(
  command: Command,
  { code, message, exitCode }: CommanderError,
  keys: () => readonly string[],
): UsageError | undefined {
  if (exitCode === 0) return undefined;
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? "";
  const option = command.options.find(({ flags }) => flags === quoted);
  return new UsageError(sentence(), fullName(command));

  function sentence(): string {
    switch (code) {
      case "commander.unknownOption":
        return unknownOption(command, quoted, keys());
      case "commander.excessArguments":
        return excessArgument(command, keys());
      case "commander.missingArgument":
        return missingArgument(command, quoted);
      case "commander.missingMandatoryOptionValue":
        return `${option!.long} is missing (${option!.description}): write ${written(option!)}`;
      case "commander.optionMissingArgument":
        return `${option!.long} has no value: write ${written(option!)}`;
      case "commander.invalidArgument":
        return option?.argChoices === undefined ? plain(message) : wrongChoice(option, message);
      default:
        return plain(message);
    }
  }
}

/** `deno task runs compare` */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function unknownOption(command: Command, given: string, keys: readonly string[]): string {
  const [option] = given.split("=", 1);
  if (command.options.some(({ long }) => long === option)) {
    return `${option} takes no value: write ${option} alone`;
  }
  return `There is no option ${option}; ${optionHint(command, given, keys)}`;
}

function excessArgument(command: Command, keys: readonly string[]): string {
  const { parent } = command;
  const wanted = command.registeredArguments;
  const [first] = command.args.slice(wanted.length);
  if (parent !== null && parent.args[0] !== command.name()) {
    const names = parent.commands.map((each) => each.name());
    const near = nearName(first, names);
    return `There is no "${fullName(parent)} ${first}"; ` +
      (near === undefined ? "" : `did you mean "${fullName(parent)} ${near}"? `) +
      `there are ${wordList(names, "and")}`;
  }
  if (wanted.length > 0) {
    const words = [fullName(command), ...wanted.map(shown)];
    return `"${first}" is one argument too many: write ${words.join(" ")}`;
  }
  const found = `"${first}" is neither an option nor the value of one`;
  if (first.includes("=")) return `${found}; ${optionHint(command, `--${first}`, keys)}`;
  return command.options.some(({ long }) => long === "--config")
    ? `${found}; a config is named by --config=${first}, a run by --name=${first}`
    : `${found}: leave it out`;
}

function missingArgument(command: Command, name: string): string {
  const argument = command.registeredArguments.find((each) => each.name() === name)!;
  const words = [
    fullName(command),
    ...command.options.filter(({ mandatory }) => mandatory).map(written),
    ...command.registeredArguments.map(shown),
  ];
  return `${shown(argument)} is missing (${argument.description}): write ${words.join(" ")}`;
}

function wrongChoice({ long, argChoices = [] }: Option, message: string): string {
  const found = /argument '([\s\S]*)' is invalid/.exec(message)?.[1] ?? "";
  const near = nearName(found, argChoices);
  return `${long} is "${found}"; ` + (near === undefined ? "" : `did you mean ${near}? `) +
    `it must be ${wordList(argChoices, "or")}`;
}

function shown(argument: Argument): string {
  return argument.name().toUpperCase() + (argument.variadic ? "…" : "");
}

/** `--run=RUN` */
function written(option: Option): string {
  const { long, flags, argChoices } = option;
  const value = /[<[](.+)[>\]]/.exec(flags)?.[1].toUpperCase();
  return `${long}=${argChoices === undefined ? value : wordList(argChoices, "or")}`;
}

/** Commander's own words. */
function plain(message: string): string {
  const text = message.replace(/^error: /, "");
  return text[0].toUpperCase() + text.slice(1);
}
