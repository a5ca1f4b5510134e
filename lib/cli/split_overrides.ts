import { UsageError } from "./usage_error.ts";

const OVERRIDE = /^--([A-Za-z]\w*\.|description(=|$))/;

/**
 * Separates overrides of config keys, `--training.epochs=3` or `--training.epochs 3`, from the other
 * arguments.
 *
 * @throws {UsageError} if one has no value
 */
export function splitOverrides(argv: string[]): { overrides: string[]; rest: string[] } {
  const overrides: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    if (!OVERRIDE.test(argv[i])) rest.push(argv[i]);
    else if (argv[i].includes("=")) overrides.push(argv[i].slice(2));
    else if (argv[i + 1] !== undefined && !argv[i + 1].startsWith("--")) {
      overrides.push(`${argv[i].slice(2)}=${argv[++i]}`);
    } else throw new UsageError(`${argv[i]} has no value: write ${argv[i]}=VALUE`);
  }
  return { overrides, rest };
}
