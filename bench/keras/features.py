"""Photo files to features in Keras: photos a second, random weights."""

import os
import time

from printed_line import arguments, print_line

given = arguments(images=str, encoder=str, limit=160, batch=32)

import numpy as np
from keras import Model, applications, utils

networks = {
    "vgg16": (applications.VGG16, applications.vgg16),
    "mobilenet_v2": (applications.MobileNetV2, applications.mobilenet_v2),
    "xception": (applications.Xception, applications.xception),
    "inception_v3": (applications.InceptionV3, applications.inception_v3),
    "resnet50": (applications.ResNet50, applications.resnet50),
}
build, module = networks[given.encoder]
network = build(weights=None)
model = Model(network.inputs, network.layers[-2].output)
size = network.input_shape[1:3]
names = sorted(os.listdir(given.images))[: given.limit]
files = [os.path.join(given.images, name) for name in names]


def encode(paths):
    photos = [utils.img_to_array(utils.load_img(path, target_size=size)) for path in paths]
    return model.predict(module.preprocess_input(np.stack(photos)), verbose=0)


encode(files[: given.batch])  # warm up
if len(files) % given.batch > 0:
    encode(files[-(len(files) % given.batch) :])  # a batch of another size is traced on its own
began = time.perf_counter()
for start in range(0, len(files), given.batch):
    encode(files[start : start + given.batch])
seconds = time.perf_counter() - began
print_line(encoder=given.encoder, batch=given.batch, photosPerSecond=round(len(files) / seconds, 2))
