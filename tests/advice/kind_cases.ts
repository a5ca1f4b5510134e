import type { Advice } from "./advice.ts";
import { again, type Command, plus } from "./follow.ts";

const prepare = (kind: string, ...args: string[]): Command => [
  "prepare",
  "--config=own.json",
  `--dataset.kind=${kind}`,
  "--dataset.source=own",
  "--dataset.maxRejected=0",
  ...args,
];
const write = (name: string, text: string | object) => {
  Deno.mkdirSync(`own/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
  Deno.writeTextFileSync(
    `own/${name}`,
    typeof text === "string" ? text : JSON.stringify(text),
  );
};
const NUMBERS = [...Array(20).keys()];
const SHARES = [
  "--dataset.split.train=0.8",
  "--dataset.split.dev=0.1",
  "--dataset.split.test=0.1",
];
const shares = (said: string, command: Command): Command[] => {
  if (!/dataset\.split to .*shares of train, dev and test/.test(said)) throw new Error(said);
  const kept = command.filter((arg) => !arg.startsWith("--dataset.split"));
  return [[...kept, ...SHARES] as Command];
};

const coco = (numbers: number[], caption: string | undefined = "a colour") => ({
  images: numbers.map((id) => ({ id, file_name: `${id}.jpg` })),
  annotations: numbers.map((image_id) => ({ image_id, caption })),
});
const karpathy = {
  images: NUMBERS.map((i) => ({
    filename: `${i}.jpg`,
    split: i < 16 ? "train" : i < 18 ? "val" : "test",
    sentences: [{ raw: "a colour" }],
  })),
};
const tokens = NUMBERS.map((i) => `${i}.jpg#0\ta colour`).join("\n") + "\n";
const list = (...numbers: number[]) => numbers.map((i) => `${i}.jpg\n`).join("");
const lists = () => {
  write("Flickr8k.token.txt", tokens);
  write("Flickr_8k.trainImages.txt", list(...NUMBERS.slice(0, 16)));
  write("Flickr_8k.devImages.txt", list(16, 17));
  write("Flickr_8k.testImages.txt", list(18, 19));
};
/** A second folder of the photos. */
const copy = () => {
  Deno.mkdirSync("there");
  for (const name of NUMBERS) Deno.copyFileSync(`own/${name}.jpg`, `there/${name}.jpg`);
};
const german = () => {
  for (
    const [part, numbers] of Object.entries({ train: [0, 1, 2, 3, 4, 5], val: [6], test: [7] })
  ) {
    write(`${part}.de`, numbers.map(() => "eine Farbe\n").join(""));
    write(`${part}.txt`, list(...numbers));
  }
};

/** Advice on data sets of kinds that others publish. */
export const KIND_ADVICE: Record<string, Advice> = {
  "coco without captions": {
    given: () => write("captions_all.json", coco(NUMBERS)),
    command: prepare("coco"),
    says: /There is no captions_train.*: put them there, or set dataset\.files/,
    ways: {
      "put them there": again(() => write("annotations/captions_train2014.json", coco(NUMBERS))),
      "set dataset.files": plus(
        '--dataset.files=[{"captions": "captions_all.json", "split": "train"}]',
      ),
    },
  },
  "coco with two files for a split": {
    given: () => {
      write("captions_train2014.json", coco(NUMBERS));
      write("captions_train2017.json", coco(NUMBERS));
    },
    command: prepare("coco"),
    says: /several for one split: set dataset\.files to those to use, such as/,
    ways: {
      "set dataset.files": (said, command) => {
        const value = /such as (\[.*\])/.exec(said)![1].replace("…", "captions_train2017.json");
        return [[...command, `--dataset.files=${value}`]];
      },
    },
  },
  "coco with another layout": {
    given: () => {
      write("captions_train2014.json", karpathy);
      write("dataset_own.json", karpathy);
    },
    command: prepare("coco"),
    says: /layout of COCO's captions: put its file there, or set dataset\.kind to what it is/,
    ways: {
      "put its file there": again(() => write("captions_train2014.json", coco(NUMBERS))),
      "set dataset.kind": plus("--dataset.kind=karpathy"),
    },
  },
  "coco without captions in its annotations": {
    given: () =>
      write("captions_train2014.json", { ...coco([0, 1]), annotations: [{ image_id: 0, id: 3 }] }),
    command: prepare("coco"),
    says: /has annotations without captions: put COCO's captions_\*\.json there/,
    ways: {
      "put it there": again(() => write("captions_train2014.json", coco(NUMBERS))),
    },
  },
  "a photo in two splits": {
    given: () => {
      write("captions_train2014.json", coco(NUMBERS.slice(0, 15)));
      write("captions_val2014.json", coco(NUMBERS.slice(14), "another"));
    },
    command: prepare("coco"),
    says: /14\.jpg is in train and in dev .*: fix the data/,
    ways: {
      "fix the data": again(() => write("captions_val2014.json", coco(NUMBERS.slice(15)))),
    },
  },
  "flickr8k without captions": {
    given: () => {
      copy();
      Deno.writeTextFileSync("there/Flickr8k.token.txt", tokens);
    },
    command: prepare("flickr8k", "--dataset.images=."),
    says: /There is no captions\.txt or Flickr8k\.token\.txt in .*: put one there, or set/,
    ways: {
      "put one there": again(() => write("Flickr8k.token.txt", tokens)),
      "set dataset.source": plus("--dataset.source=there"),
    },
  },
  "flickr8k's captions of another layout": {
    given: () => write("Flickr8k.token.txt", "0.jpg, a colour\n1.jpg, a colour\n"),
    command: prepare("flickr8k", "--dataset.images=."),
    says: /has no row like name\.jpg#0, tab, caption: put Flickr8k's own file there/,
    ways: { "put it there": again(() => write("Flickr8k.token.txt", tokens)) },
  },
  "flickr8k's captions without their header": {
    given: () => write("captions.txt", "0.jpg,a colour\n1.jpg,a colour\n"),
    command: prepare("flickr8k", "--dataset.images=."),
    says: /begins with ".*", not with the header image,caption: add that line, or put/,
    ways: {
      "add that line": again((said) => {
        const [, header] = /the header (\S+): add that line/.exec(said)!;
        write("captions.txt", `${header}\n${Deno.readTextFileSync("own/captions.txt")}`);
      }),
    },
  },
  "flickr8k's captions emptied": {
    given: () => write("captions.txt", "image,caption\n"),
    command: prepare("flickr8k", "--dataset.images=."),
    says: /captions\.txt holds no captions: put the data set's own file there/,
    ways: {
      "put it there": again(() =>
        write("captions.txt", "image,caption\n0.jpg,a\n1.jpg,b\n2.jpg,a\n3.jpg,c\n")
      ),
    },
  },
  "flickr8k without its lists": {
    given: () => write("Flickr8k.token.txt", tokens),
    command: prepare("flickr8k", "--dataset.images=.", "--dataset.split=lists"),
    says:
      /There is no Flickr_8k\.trainImages\.txt in .*: put the lists there, or set dataset\.split/,
    ways: {
      "put the lists there": again(lists),
      "set it to auto": plus("--dataset.split=auto"),
      "set it to shares": shares,
    },
  },
  "flickr8k's list not UTF-8": {
    given: () => {
      lists();
      Deno.writeFileSync("own/Flickr_8k.devImages.txt", new Uint8Array([0xfc, 10]));
    },
    command: prepare("flickr8k", "--dataset.images=."),
    says: /devImages\.txt is not UTF-8 in line 1: save it as UTF-8/,
    ways: { "save it": again(() => write("Flickr_8k.devImages.txt", list(16, 17))) },
  },
  "a photo on two of flickr8k's lists": {
    given: () => {
      lists();
      write("Flickr_8k.testImages.txt", list(0, 18, 19));
    },
    command: prepare("flickr8k", "--dataset.images=."),
    says: /1 photo is in both .*: remove them from one of the lists/,
    ways: {
      "remove it": again((said) => {
        const [, path, photo] = /in both .* and (\S+), such as (\S+):/.exec(said)!;
        Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(`${photo}\n`, ""));
      }),
    },
  },
  "flickr8k's lists of other photos": {
    given: () => {
      lists();
      for (const split of ["train", "dev", "test"]) {
        write(`Flickr_8k.${split}Images.txt`, `${split}.jpg\n`);
      }
    },
    command: prepare("flickr8k", "--dataset.images=."),
    says: /list no photo that has captions: .*: correct the lists, or set dataset\.split/,
    ways: { "correct the lists": again(lists), "set dataset.split": shares },
  },
  "flickr30k without captions": {
    given: () => {
      copy();
      Deno.writeTextFileSync("there/results.token", tokens);
    },
    command: prepare("flickr30k"),
    says: /There is no results_20130124\.token.* in .*: put it there, or set dataset\.source/,
    ways: {
      "put it there": again(() => write("results_20130124.token", tokens)),
      "set it": plus("--dataset.source=there"),
    },
  },
  "flickr30k of another layout": {
    given: () => write("results.csv", "photo;words\n0.jpg;a colour\n"),
    command: prepare("flickr30k"),
    says: /which is not one of Flickr30k's layouts .*: put Flickr30k's own file there/,
    ways: {
      "put it there": again((said) => {
        const header = /(image_name\| [^;]*);/.exec(said)![1];
        write("results.csv", [header, ...NUMBERS.map((i) => `${i}.jpg| 0| a colour`)].join("\n"));
      }),
    },
  },
  "flickr30k's captions emptied": {
    given: () => write("results.token", "\n"),
    command: prepare("flickr30k"),
    says: /put Flickr30k's own file there/,
    ways: { "put it there": again(() => write("results.token", tokens)) },
  },
  "karpathy without its file": {
    given: () => {
      copy();
      Deno.writeTextFileSync("there/dataset_a.json", JSON.stringify(karpathy));
      write("mine.json", karpathy);
    },
    command: prepare("karpathy"),
    says: /There is no dataset_\*\.json in .*: put it there, or set dataset\.source/,
    ways: {
      "put it there": again(() => write("dataset_own.json", karpathy)),
      "set it": plus("--dataset.source=there"),
    },
  },
  "karpathy of another layout": {
    given: () => {
      write("dataset_own.json", coco(NUMBERS));
      write("captions_train.json", coco(NUMBERS));
    },
    command: prepare("karpathy"),
    says: /layout of Karpathy's JSON: put his file there, or set dataset\.kind to what it is/,
    ways: {
      "put it there": again(() => write("dataset_own.json", karpathy)),
      "set dataset.kind": plus("--dataset.kind=coco"),
    },
  },
  "multi30k in another language": {
    given: german,
    command: prepare("multi30k", "--dataset.language=fr"),
    says: /has no captions in "fr", but in de: set dataset\.language to one of these/,
    ways: { "set it": plus("--dataset.language=de") },
  },
  "multi30k without captions": {
    given: () => {
      german();
      Deno.renameSync("own", "there");
      Deno.mkdirSync("own");
    },
    command: prepare("multi30k"),
    says: /There is no val\.1\.de.*: put Multi30k's files there, or set dataset\.source/,
    ways: {
      "put them there": again(() => {
        Deno.removeSync("own");
        Deno.renameSync("there", "own");
      }),
      "set it": plus("--dataset.source=there"),
    },
  },
  "multi30k without a list of photos": {
    given: () => {
      german();
      Deno.removeSync("own/val.txt");
    },
    command: prepare("multi30k"),
    says:
      /There is no val_images\.txt or val\.txt for val\.de .*: put the list of its photos there/,
    ways: { "put it there": again(() => write("val_images.txt", list(6))) },
  },
  "multi30k with a list of other length": {
    given: () => {
      german();
      write("val.txt", list(6, 8));
    },
    command: prepare("multi30k"),
    says: /has 1 lines?, but val\.txt names 2 photos, one for each line: put a matching pair there/,
    ways: { "put it there": again(() => write("val.de", "eine Farbe\nzwei Farben\n")) },
  },
};
