"""Writes a network of keras.applications with random weights, and its outputs for two photos.

Arguments: kind, image size, folder, layers of the network with its top whose outputs to write,
files to write (`top.whole.h5`). The network without its top is made after the other one, so that
its automatic names (`conv2d_94`, ...) go on from those; its weights are the same.
"""
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

kind, size, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
names, files = sys.argv[4].split(","), sys.argv[5].split(",")
make, module = {
    "vgg16": (keras.applications.VGG16, keras.applications.vgg16),
    "mobilenet_v2": (keras.applications.MobileNetV2, keras.applications.mobilenet_v2),
    "xception": (keras.applications.Xception, keras.applications.xception),
    "inception_v3": (keras.applications.InceptionV3, keras.applications.inception_v3),
    "resnet50": (keras.applications.ResNet50, keras.applications.resnet50),
}[kind]
random = np.random.default_rng(1)
whole = make(weights=None, include_top=True, input_shape=(size, size, 3))
no_top = make(weights=None, include_top=False, input_shape=(size, size, 3))

added = {
    before.name
    for layer in whole.layers
    if isinstance(layer, keras.layers.Add) and kind != "mobilenet_v2"
    for before in (tensor._keras_history.operation for tensor in layer.input)
    if isinstance(before, keras.layers.BatchNormalization)
}


def values_of(layer, weight):
    """Random, of a scale that lets activations neither vanish nor explode."""
    shape, name = tuple(weight.shape), weight.name
    if name == "gamma":  # smaller where it is added to something, as sums would grow
        return random.uniform(0.5, 1.5, shape) * (0.5 if layer.name in added else 1)
    if name == "moving_variance":
        return random.uniform(0.5, 2, shape)
    if name in ("beta", "moving_mean"):
        return random.normal(0, 0.3, shape)
    if name == "bias":
        return random.normal(0, 0.1, shape)
    depthwise = name == "depthwise_kernel" or isinstance(layer, keras.layers.DepthwiseConv2D)
    fan_in = np.prod(shape[:2] if depthwise else shape[:-1])
    linear = name == "depthwise_kernel" or layer.name == "predictions" or "expand" in layer.name
    values = random.normal(0, np.sqrt((1 if linear else 2) / fan_in), shape)
    from_bytes = layer.name in ("block1_conv1", "conv1_conv") and kind in ("vgg16", "resnet50")
    return values / (70 if from_bytes else 1)


for layer in whole.layers:
    layer.set_weights([values_of(layer, weight) for weight in layer.weights])
no_top.set_weights(whole.get_weights()[: len(no_top.weights)])

# Patches and noise: photos of noise alone have nearly the same averages.
patches = random.integers(0, 200, (2, 8, 8, 3)).repeat(size // 8 + 1, 1).repeat(size // 8 + 1, 2)
pixels = patches[:, :size, :size] + random.integers(0, 56, (2, size, size, 3))
pixels.astype(np.uint8).tofile(folder + "/pixels")
part = keras.Model(whole.input, [whole.get_layer(name).output for name in names])
for name, output in zip(names, part.predict(module.preprocess_input(pixels * 1.0), verbose=0)):
    np.asarray(output, np.float32).tofile(folder + "/" + name)


def write_bytes(path, model, layer_name, weight_name):
    """The legacy layout as Keras 1 and 2 wrote it: lists of bytes, other names."""
    with h5py.File(path, "w") as file:
        layers = [layer for layer in model.layers if layer.weights]
        renamed = [layer_name(layer, i) for i, layer in enumerate(layers)]
        file.attrs["layer_names"] = np.array([name.encode() for name in renamed])
        for name, layer in zip(renamed, layers):
            group = file.create_group(name)
            arrays = [weight_name(name, weight) for weight in layer.weights]
            group.attrs["weight_names"] = np.array([array.encode() for array in arrays])
            for array, weight in zip(arrays, layer.weights):
                group.create_dataset(array, data=np.asarray(weight))


def write_keras2(path, model):
    layer_name = lambda layer, _: layer.name
    write_bytes(path, model, layer_name, lambda name, weight: f"{name}/{weight.name}:0")


def write_keras1(path, model):
    """As Keras' own files of that age: VGG16's layers and the top have names, no others."""
    classes = {"Conv2D": "convolution2d", "SeparableConv2D": "separableconvolution2d"}
    weights = {"kernel": "W_1", "bias": "b_1"}
    weights |= {"moving_mean": "running_mean", "moving_variance": "running_std"}

    def layer_name(layer, number):
        named = kind == "vgg16" or isinstance(layer, keras.layers.Dense)
        class_name = layer.__class__.__name__
        class_name = classes.get(class_name, class_name.lower())
        return layer.name if named else f"{class_name}_{number + 1}"

    weight_name = lambda name, weight: f"{name}_{weights.get(weight.name, weight.name)}:0"
    write_bytes(path, model, layer_name, weight_name)


def write_tfjs(path, model):
    """A TF.js layers model's manifest and its one shard; no topology, which is not read."""
    entries = []
    with open(path + ".bin", "wb") as shard:
        for layer in model.layers:
            for weight in layer.weights:
                name, shape = f"{layer.name}/{weight.name}", list(weight.shape)
                entries.append({"name": name, "shape": shape, "dtype": "float32"})
                shard.write(np.asarray(weight).tobytes())
    group = {"paths": [os.path.basename(path) + ".bin"], "weights": entries}
    with open(path, "w") as file:
        json.dump({"format": "layers-model", "weightsManifest": [group]}, file)


def write_keras3_legacy(path, model):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def write_early_keras3(path, model):
    """The first versions of Keras 3 wrote no names: `layers/conv2d_7/vars` alone."""
    model.save_weights(path)
    with h5py.File(path, "a") as file:
        named = [group["vars"] for group in file["layers"].values() if "name" in group["vars"].attrs]
        assert named, "there are no names to take away"
        for group in named:
            del group.attrs["name"]


def with_head():
    """The network and what is usually trained after it, in one model without another within."""
    average = keras.layers.GlobalAveragePooling2D()(no_top.output)
    hidden = keras.layers.BatchNormalization()(keras.layers.Dense(8)(average))
    return keras.Model(no_top.input, keras.layers.Dense(3)(hidden))


def wrapped():
    """The network as a layer of another model."""
    return keras.Sequential([keras.Input((size, size, 3)), no_top, keras.layers.Flatten()])


write = {
    "keras1.h5": write_keras1,
    "keras2.h5": write_keras2,
    "keras3_legacy.h5": write_keras3_legacy,
    "early.weights.h5": write_early_keras3,
    "weights.h5": lambda path, model: model.save_weights(path),
    "whole.h5": lambda path, model: model.save(path),
    "keras": lambda path, model: model.save(path),
    "json": write_tfjs,
}
models = {"top": lambda: whole, "no_top": lambda: no_top, "head": with_head, "wrapped": wrapped}
for name in files:
    label, layout = name.split(".", 1)
    write[layout](f"{folder}/{name}", models[label]())
if kind == "inception_v3":
    assert no_top.layers[1].name == "conv2d_94", "its automatic names begin anew"
