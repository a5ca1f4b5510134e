import { ConfigError, configKeys, keysMeant } from "../config/mod.ts";
import { nearName } from "../text/mod.ts";

/** What the settings cell of a notebook may set; everything else is as the config has it. */
export interface Settings {
  /** A config of `configs/` by its name, or a file's path. @default {`SHOWTELL_CONFIG`'s, or shapes} */
  config?: string;
  /** Name of the run, whose folder is `data/runs/NAME`. @default {the config's} */
  name?: string;
  /** Short for `training.epochs`. */
  epochs?: number;
  /**
   * A folder with photos of one's own and a file of their captions; without `config` the config is
   * then my_photos.
   */
  photos?: string;
  /** Deletes a run of this name that other settings made. @default {false} */
  overwrite?: boolean;
  /** Any key of the config, such as `"training.batchSize"`. */
  [key: string]: unknown;
}

const SHORT: Record<string, Record<string, unknown>> = {
  epochs: { "training.epochs": undefined },
  photos: { "dataset.kind": "folder", "dataset.source": undefined },
};

/**
 * The config's keys that settings stand for, as dotted keys and values.
 *
 * @throws {ConfigError} naming a key that there is not
 */
export function configOverrides(settings: Settings): string[] {
  const { config: _config, name: _name, overwrite: _overwrite, ...rest } = settings;
  const values = Object.entries(rest).filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) =>
      key in SHORT
        ? Object.entries(SHORT[key]).map(([key, fixed]) => [key, fixed ?? value] as const)
        : flat(key, value)
    );
  for (const [key] of values) checkKey(key);
  return values.map(([key, value]) => `${key}=${JSON.stringify(value)}`);
}

function flat(key: string, value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[key, value]];
  return Object.entries(value).flatMap(([inner, value]) => flat(`${key}.${inner}`, value));
}

/** Of a key without a dot it is known which one was meant; the config's check sees to the others. */
function checkKey(key: string): void {
  const keys = configKeys();
  const roots = keys.map((each) => each.split(".")[0]);
  if (key.includes(".") || roots.includes(key)) return;
  const meant = keysMeant(key, keys);
  const near = nearName(key, ["config", "name", "epochs", "photos", "overwrite"]);
  const choices = [...near === undefined ? [] : [near], ...meant.map((each) => `"${each}"`)];
  throw new ConfigError(
    `In the settings cell, there is no setting ${key}` +
      (choices.length > 0
        ? `; did you mean ${choices.slice(0, 4).join(" or ")}?`
        : `: write config, name, epochs, photos, overwrite, or a key of the config such as ` +
          `"training.batchSize"`),
  );
}
