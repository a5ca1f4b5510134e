/** One row of the table: a work, measured for every contestant that has a command for it. */
export interface Row {
  /** In words, such as `training, batch 64`. */
  name: string;
  /** Which of a contestant's commands does it. */
  work: string;
  /** The key of the line that a command prints. */
  figure: string;
  /** Of the figure. */
  unit: string;
  /** Fills in the command. */
  values: Record<string, string>;
  /** So many times the photos, where it would be over too soon. @default {1} */
  photosTimes?: number;
  /** Short, for the plot; absent where its ratios would dwarf all others. */
  label?: string;
}

const encoders = {
  mobilenet_v2: "MobileNetV2",
  vgg16: "VGG16",
  xception: "Xception",
  inception_v3: "InceptionV3",
  resnet50: "ResNet50",
};

/** All rows, in the table's order. */
export const rows: readonly Row[] = [
  ...["64", "256"].map((batch): Row => ({
    name: `training, batch ${batch}`,
    work: "training",
    figure: "wordsPerSecond",
    unit: "words/s",
    values: { batch },
    label: `training ${batch}`,
  })),
  ...Object.entries(encoders).map(([encoder, name]): Row => ({
    name: `photo files to features, ${name}`,
    work: "features",
    figure: "photosPerSecond",
    unit: "photos/s",
    values: { encoder },
    ...encoder === "mobilenet_v2" && { photosTimes: 4 },
    label: name,
  })),
  ...Object.entries({ "1": "greedy", "3": "beam 3 (Keras: greedy)" }).map(([beam, name]): Row => ({
    name: `features to captions, ${name}`,
    work: "decoding",
    figure: "captionsPerSecond",
    unit: "captions/s",
    values: { beam },
  })),
  {
    name: "photo files to captions, MobileNetV2 (transformers.js: ViT-GPT2)",
    work: "captions",
    figure: "photosPerSecond",
    unit: "photos/s",
    values: {},
  },
];
