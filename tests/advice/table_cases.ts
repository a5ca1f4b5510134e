import type { Advice } from "./advice.ts";
import { again, type Command, plus } from "./follow.ts";

const PREPARE: Command = ["prepare", "--config=own.json"];
const NAMES = [...Array(20).keys()].map((i) => `${i}.jpg`);
const table = (header: string, row: (name: string) => string, names = NAMES) => {
  Deno.writeTextFileSync("own/captions.csv", [header, ...names.map(row)].join("\n") + "\n");
  if (Deno.readDirSync("own").some(({ name }) => name === "captions.json")) {
    Deno.removeSync("own/captions.json");
  }
};
const json = (value: unknown) => Deno.writeTextFileSync("own/captions.json", JSON.stringify(value));
const good = () => table("image,caption", (name) => `${name},a colour`);
/** The number of a photo. */
const n = (name: string) => parseInt(name);

/** Advice on tables of captions, and on what they say of photos and splits. */
export const TABLE_ADVICE: Record<string, Advice> = {
  "a table without a header": {
    given: () => table("0.jpg,a colour", (name) => `${name},a colour`, NAMES.slice(1)),
    command: ["prepare", "--config=own.json", "--dataset.columns.photo=image"],
    says: /has no header.*: add a line before it that names the columns, such as image,caption/,
    ways: {
      "add a line": again(() => {
        const text = Deno.readTextFileSync("own/captions.csv");
        Deno.writeTextFileSync("own/captions.csv", `image,caption\n${text}`);
      }),
      "set the columns": (said, command) => {
        const [, first, second] = /captions to (.+), (.+), whichever/.exec(said)!;
        return plus(`--dataset.columns.photo=${first}`, `--dataset.columns.captions=${second}`)(
          said,
          command,
        );
      },
    },
  },
  "a table whose first line tells nothing": {
    given: () => table("photos", (name) => name),
    command: PREPARE,
    says: /begins with "photos", not with a header such as image,caption: add that line/,
    ways: { "add it": again(good) },
  },
  "two columns of one name": {
    given: () => table("image,image,caption", (name) => `${name},x,a colour`),
    command: PREPARE,
    says: /has 2 columns named image: rename all but one/,
    ways: {
      "rename": again(() => table("image,more,caption", (name) => `${name},x,a colour`)),
    },
  },
  "a table without captions": {
    given: () => table("image,words", (name) => `${name},a colour`),
    command: PREPARE,
    says: /set dataset\.columns\.captions to the right one/,
    ways: { "set it": plus("--dataset.columns.captions=words") },
  },
  "a column that is not there": {
    given: () => table("image,caption", (name) => `${name},a colour`),
    command: [...PREPARE, "--dataset.columns.split=part"],
    says: /set dataset\.columns\.split to the right one/,
    ways: {
      "set it": async (said, command) => {
        await table(
          "image,caption,fold",
          (name) => `${name},a colour,${n(name) < 15 ? "train" : "test"}`,
        );
        return plus("--dataset.columns.split=fold")(said, command);
      },
    },
  },
  "a table of nothing": {
    given: () => table("image,caption", String, []),
    command: PREPARE,
    says: /captions\.csv holds no captions: put .* there/,
    ways: { "put them there": again(good) },
  },
  "words for splits that may mean two": {
    given: () =>
      table(
        "image,caption,split",
        (name) => `${name},a colour,${n(name) < 12 ? "train" : n(name) < 16 ? "val" : "eval"}`,
      ),
    command: PREPARE,
    says: /of which one may mean test: name them train, val \(dev\) and test/,
    ways: {
      "name them": again(() =>
        table(
          "image,caption,split",
          (name) => `${name},a colour,${n(name) < 12 ? "train" : n(name) < 16 ? "val" : "test"}`,
        )
      ),
    },
  },
  "words for splits that mean none": {
    given: () => table("image,caption,split", (name) => `${name},a colour,fold${n(name) % 3}`),
    command: PREPARE,
    says: /correct the column of splits, or set dataset\.split to shares of train, dev and test/,
    ways: {
      "correct it": again(() =>
        table(
          "image,caption,split",
          (name) => `${name},a colour,${n(name) < 15 ? "train" : "test"}`,
        )
      ),
      "set dataset.split": (_, command) => [
        [
          ...command,
          ..."train=0.8 dev=0.1 test=0.1".split(" ").map((one) => `--dataset.split.${one}`),
        ] as Command,
      ],
    },
  },
  "commas that are not quoted": {
    given: () => table("caption,image,mark", (name) => `a colour, plain,${name},x`),
    command: PREPARE,
    says: /put quotation marks around fields that hold the delimiter/,
    ways: {
      "put them": again(() => table("caption,image,mark", (name) => `"a colour, plain",${name},x`)),
    },
  },
  "fields that are missing": {
    given: () => table("caption,mark,image", (name) => `a colour,${name}`),
    command: PREPARE,
    says: /give each row as many fields as the header has/,
    ways: {
      "give them": again(() => table("caption,mark,image", (name) => `a colour,,${name}`)),
    },
  },
  "splits listed beside the captions": {
    given: () =>
      json({
        train: NAMES.slice(0, 15),
        test: NAMES.slice(15),
        captions: NAMES.map((image) => ({ image, caption: "a colour" })),
      }),
    command: PREPARE,
    says: /which is not read: give each photo its "split", or set dataset\.split to shares/,
    ways: {
      "give each its split": again(() =>
        json(NAMES.map((image) => ({
          image,
          caption: "a colour",
          split: n(image) < 15 ? "train" : "test",
        })))
      ),
      "set dataset.split": (_, command) => [
        [
          ...command,
          ..."train=0.8 dev=0.1 test=0.1".split(" ").map((one) => `--dataset.split.${one}`),
        ] as Command,
      ],
    },
  },
  "JSON that holds no captions": {
    given: () => json({ version: 3 }),
    command: PREPARE,
    says: /holds neither a list of objects nor captions by photo: put .* there/,
    ways: { "put it there": again(() => json({ "0.jpg": ["a"], "1.jpg": ["b"], "2.jpg": ["c"] })) },
  },
  "photos in other folders than named": {
    given: () => {
      Deno.mkdirSync("own/photos/a", { recursive: true });
      for (const name of NAMES) Deno.renameSync(`own/${name}`, `own/photos/a/${name}`);
      table("image,caption", (name) => `b/${name},a colour`);
    },
    command: PREPARE,
    says:
      /in another folder: correct the names; or, if their folders tell nothing, set dataset\.images/,
    ways: {
      "correct the names": again(() => table("image,caption", (name) => `a/${name},a colour`)),
      "set dataset.images": plus("--dataset.images=photos/a"),
    },
  },
  "a name that several photos have": {
    given: () => {
      for (const folder of ["a", "b"]) {
        Deno.mkdirSync(`own/photos/${folder}`, { recursive: true });
        for (const name of NAMES) Deno.copyFileSync(`own/${name}`, `own/photos/${folder}/${name}`);
      }
      table("image,caption", (name) => `${name},a colour`);
    },
    command: [...PREPARE, "--dataset.images=photos"],
    says: /which could be .*: name the photos with their folders and endings/,
    ways: {
      "name them so": again(() => table("image,caption", (name) => `a/${name},a colour`)),
    },
  },
  "a single train photo shuffled": {
    given: () =>
      table("image,caption,split", (name) => `${name},a colour,${n(name) < 1 ? "train" : "test"}`),
    command: [...PREPARE, "--dataset.shufflePhotos=true"],
    says: /A single train photo cannot be shuffled: set dataset\.shufflePhotos to false/,
    ways: { "set it": plus("--dataset.shufflePhotos=false") },
  },
};
