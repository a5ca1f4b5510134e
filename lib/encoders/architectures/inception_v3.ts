import type { Architecture, LayerSpec } from "./architecture.ts";
import { LayerList } from "./layer_list.ts";
import { minusOneToOne } from "./preprocessing.ts";

/** InceptionV3 (Szegedy et al., 2016) as in keras.applications, where few layers have a name. */
export const inceptionV3: Architecture = {
  kind: "inception_v3",
  layers: layers(),
  defaultLayer: "avg_pool",
  defaultImageSize: 299,
  smallestImageSize: 75,
  fixedSizeLayers: [],
  preprocessing: minusOneToOne,
  aliases: {},
  official: {
    base: "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/",
    top: {
      file: "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
      md5: "9a0d58056eeedaa3f26cb7ebd46da564",
    },
    noTop: {
      file: "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
      md5: "bcbd6486424b2319ff4ef7d526e38f63",
      until: "avg_pool",
    },
  },
};

/** Filters, height and width of a kernel; stride 1 and padding "same" unless it reduces. */
type Kernel = [filters: number, height: number, width: number];

function layers(): LayerSpec[] {
  const list = new LayerList();
  const convolve = (
    input: string,
    [filters, height, width]: Kernel,
    padding: "same" | "valid" = "same",
    strides = 1,
  ) => {
    const kernelSize: [number, number] = [height, width];
    const x = list.conv2d(input, { filters, kernelSize, strides, padding, useBias: false });
    return list.relu(list.batchNormalization(x, { scale: false }));
  };
  const chain = (input: string, ...kernels: Kernel[]) =>
    kernels.reduce((x, kernel) => convolve(x, kernel), input);
  const pooled = (input: string, filters: number) => {
    const x = list.averagePooling2d(input, { strides: 1, padding: "same" });
    return convolve(x, [filters, 1, 1]);
  };
  const halve = (input: string, kernel: Kernel) => convolve(input, kernel, "valid", 2);
  const maximum = (input: string) => list.maxPooling2d(input, { strides: 2, padding: "valid" });

  let x = halve("input_1", [32, 3, 3]);
  x = convolve(x, [32, 3, 3], "valid");
  x = maximum(convolve(x, [64, 3, 3]));
  x = convolve(x, [80, 1, 1], "valid");
  x = maximum(convolve(x, [192, 3, 3], "valid"));
  [32, 64, 64].forEach((filters, i) => { // [35, 35, 256 or 288]
    const branches = [
      chain(x, [64, 1, 1]),
      chain(x, [48, 1, 1], [64, 5, 5]),
      chain(x, [64, 1, 1], [96, 3, 3], [96, 3, 3]),
      pooled(x, filters),
    ];
    x = list.concatenate(branches, `mixed${i}`);
  });
  x = list.concatenate([
    halve(x, [384, 3, 3]),
    halve(chain(x, [64, 1, 1], [96, 3, 3]), [96, 3, 3]),
    maximum(x),
  ], "mixed3"); // [17, 17, 768]
  [128, 160, 160, 192].forEach((n, i) => {
    const branches = [
      chain(x, [192, 1, 1]),
      chain(x, [n, 1, 1], [n, 1, 7], [192, 7, 1]),
      chain(x, [n, 1, 1], [n, 7, 1], [n, 1, 7], [n, 7, 1], [192, 1, 7]),
      pooled(x, 192),
    ];
    x = list.concatenate(branches, `mixed${4 + i}`);
  });
  x = list.concatenate([
    halve(chain(x, [192, 1, 1]), [320, 3, 3]),
    halve(chain(x, [192, 1, 1], [192, 1, 7], [192, 7, 1]), [192, 3, 3]),
    maximum(x),
  ], "mixed8"); // [8, 8, 1280]
  for (const i of [0, 1]) { // [8, 8, 2048]
    const small = chain(x, [320, 1, 1]);
    const middle = chain(x, [384, 1, 1]);
    const wide = [chain(middle, [384, 1, 3]), chain(middle, [384, 3, 1])];
    const three = list.concatenate(wide, `mixed9_${i}`);
    const double = chain(x, [448, 1, 1], [384, 3, 3]);
    const wider = [chain(double, [384, 1, 3]), chain(double, [384, 3, 1])];
    const threes = list.concatenate(wider);
    x = list.concatenate([small, three, threes, pooled(x, 192)], `mixed${9 + i}`);
  }
  list.classifier(x);
  return list.specs;
}
