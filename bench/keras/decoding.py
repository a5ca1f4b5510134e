"""Features to captions in Keras, as the published notebooks do: greedy, one photo after the other,
the whole prefix again for every word."""

import time

from printed_line import arguments, print_line

given = arguments(captions=str, count=5, words=11, width=4096)

import numpy as np
from captions_file import read_captions
from keras import Model, layers

captions, vocabulary = read_captions(given.captions)
longest = max(max(map(len, captions)), given.words + 1)

image, words = layers.Input((given.width,)), layers.Input((longest,))
photo = layers.Dense(256, activation="relu")(layers.Dropout(0.5)(image))
embedded = layers.Embedding(vocabulary, 256, mask_zero=True)(words)
read = layers.LSTM(256)(layers.Dropout(0.5)(embedded))
met = layers.Dense(256, activation="relu")(layers.add([photo, read]))
model = Model([image, words], layers.Dense(vocabulary, activation="softmax")(met))
features = np.random.default_rng(0).standard_normal((1, given.width), dtype=np.float32)


def caption():
    prefix = np.zeros((1, longest), np.int32)
    prefix[0, 0] = 1
    for at in range(1, given.words + 1):
        prefix[0, at] = np.argmax(model.predict([features, prefix], verbose=0))


caption()  # warm up
began = time.perf_counter()
for _ in range(given.count):
    caption()
seconds = time.perf_counter() - began
print_line(words=given.words, captionsPerSecond=round(given.count / seconds, 3))
