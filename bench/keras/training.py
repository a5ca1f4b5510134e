"""Training in Keras: target words a second of the merge network, over random features.

As a good user writes it today: whole captions, padded to the longest of the step, sparse labels.
--pairs: as the published notebooks do: a row for each (prefix, next word), padded to the longest
caption of all, one-hot labels.
"""

import time

from printed_line import arguments, print_line

given = arguments(captions=str, batch=64, steps=30, width=4096, pairs=False)

import keras
import numpy as np
from captions_file import read_captions
from keras import layers

captions, vocabulary = read_captions(given.captions)
random = np.random.default_rng(0)
random.shuffle(captions)
longest = max(map(len, captions))

image = layers.Input((given.width,))
photo = layers.Dense(256, activation="relu")(layers.Dropout(0.5)(image))
words = layers.Input((longest if given.pairs else None,), dtype="int32")
embedded = layers.Embedding(vocabulary, 256, mask_zero=given.pairs)(words)
read = layers.LSTM(256, return_sequences=not given.pairs)(layers.Dropout(0.5)(embedded))
met = read + (photo if given.pairs else keras.ops.expand_dims(photo, 1))
logits = layers.Dense(vocabulary)(layers.Dense(256, activation="relu")(met))
if given.pairs:
    output = layers.Activation("softmax", dtype="float32")(logits)
    loss = "categorical_crossentropy"
else:
    output = layers.Activation("linear", dtype="float32")(logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model = keras.Model([image, words], output)
model.compile(loss=loss, optimizer="adam")


def features(count):
    return random.standard_normal((count, given.width), dtype=np.float32)


def pair_batches():
    pairs = [(caption[:k], caption[k]) for caption in captions[:2000] for k in range(1, len(caption))]
    position = 0
    while True:
        prefixes = np.zeros((given.batch, longest), np.int32)
        targets = np.zeros((given.batch, vocabulary), np.float32)
        for row in range(given.batch):
            prefix, target = pairs[position % len(pairs)]
            position += 1
            prefixes[row, : len(prefix)] = prefix
            targets[row, target] = 1
        yield (features(given.batch), prefixes), targets, None, given.batch


def caption_batches():
    position = 0
    while True:
        chosen = [captions[(position + i) % len(captions)] for i in range(given.batch)]
        position += given.batch
        length = max(map(len, chosen)) - 1
        inputs, targets = np.zeros((2, given.batch, length), np.int32)
        weights = np.zeros((given.batch, length), np.float32)
        for row, caption in enumerate(chosen):
            count = len(caption) - 1
            inputs[row, :count], targets[row, :count] = caption[:-1], caption[1:]
            weights[row, :count] = 1
        yield (features(given.batch), inputs), targets, weights, int(weights.sum())


batches = pair_batches() if given.pairs else caption_batches()


def train(steps):
    done = 0
    for _ in range(steps):
        inputs, targets, weights, count = next(batches)
        model.train_on_batch(inputs, targets, sample_weight=weights)
        done += count
    return done


train(4)  # warm up
began = time.perf_counter()
done = train(given.steps)
seconds = time.perf_counter() - began
print_line(batch=given.batch, vocabulary=vocabulary, wordsPerSecond=round(done / seconds, 1))
