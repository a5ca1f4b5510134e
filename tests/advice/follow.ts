/** A command line of a task: its name and its arguments. */
export type Command = [task: string, ...args: string[]];

/** What a message's reader does: the commands, in their order, that are to succeed. */
export type Way = (said: string, command: Command) => Command[] | Promise<Command[]>;

/** The same command, after something was done about its files. */
export function again(done: (said: string) => void | Promise<void> = () => {}): Way {
  return async (said, command) => {
    await done(said);
    return [command];
  };
}

/** Deletes what the message begins with, and runs the command again. */
export const deleteIt: Way = async (said, command) => {
  await Deno.remove(/(?:Error: )?(\S+)/.exec(said)![1], { recursive: true });
  return [command];
};

/** The commands that the message names, in its words, and then the same command where that is meant. */
export function itsCommand({ then = false, values = {} as Record<string, string> } = {}) {
  return (said: string, command: Command): Command[] => {
    const named = [...said.matchAll(/`(deno task [^`]+)`|: (deno task .+)$/g)]
      .map(([, quoted, last]) => shellWords(quoted ?? last).slice(2));
    if (named.length === 0) throw new Error(`no command in: ${said}`);
    const filled = named.map((words) => words.map((word) => values[word] ?? word) as Command);
    return then ? [...filled, command] : filled;
  };
}

/** The same command with more arguments; each must stand in the message, up to its value. */
export function plus(...args: string[]): Way {
  return (said, command) => {
    for (const arg of args) {
      const [key] = arg.replace(/^--/, "").split("=");
      if (!said.includes(key)) throw new Error(`no ${key} in: ${said}`);
    }
    const keys = args.map((arg) => arg.split("=")[0]);
    const kept = command.filter((arg) => !keys.includes(arg.split("=")[0]));
    return [[...kept, ...args] as Command];
  };
}

/** Sets the keys that the message says to set, to the values that it gives. */
export const setIt = (said: string, command: Command): Command[] => {
  const set = [...said.matchAll(/set (?:--)?([a-z]\w*\.[\w.]+)(?: to |=)"?([^"\s,;:]+)"?/g)]
    .map(([, key, value]) => `--${key}=${value}`);
  if (set.length === 0) throw new Error(`nothing to set in: ${said}`);
  return [[...command, ...set]];
};

/** Leaves out the arguments that begin so, which the message names. */
export function without(...beginnings: string[]): Way {
  return (said, command) => {
    for (const each of beginnings) {
      if (!said.includes(each)) throw new Error(`no ${each} in: ${said}`);
    }
    return [
      command.filter((arg) => !beginnings.some((each) => arg.startsWith(each))) as Command,
    ];
  };
}

/** Puts what the message suggests in the place of what was given. */
export function meant(given: string, pattern = /did you mean "?(\S+?)"?(?: or|\?)/): Way {
  return (said, command) => {
    const suggested = pattern.exec(said)?.[1];
    if (suggested === undefined) throw new Error(`no suggestion in: ${said}`);
    return [command.map((arg) => arg.replace(given, () => suggested)) as Command];
  };
}

/** Words of a command as a shell has them. */
export function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted, escaped) => quoted ?? escaped)
  );
}
