/**
 * Configs whose runs of each seed caption together, as they are written: `first+second`.
 *
 * @param names of all configs
 * @returns the names of each ensemble's configs
 * @throws {RangeError} if one is no config's, is there twice, or is alone
 */
export function readEnsembles(given: readonly string[], names: readonly string[]): string[][] {
  return given.map((text) => {
    const members = text.split("+");
    const unknown = members.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new RangeError(
        `"${unknown}" of "${text}" is no config of --config: give some of ${names.join(", ")}, ` +
          "joined by +",
      );
    }
    if (members.length < 2 || new Set(members).size < members.length) {
      throw new RangeError(`"${text}" is no ensemble: join two or more configs by +, each once`);
    }
    return members;
  });
}
