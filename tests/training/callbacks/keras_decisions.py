"""Drives Keras' own callbacks with made figures and prints what they decided, as JSON.

    pip install keras tensorflow-cpu
    python keras_decisions.py > keras_decisions.json

Figures are multiples of 1/64, the same number in 32 and 64 bits.
"""
import json
import random
import sys
import warnings

import keras
from keras import callbacks

warnings.filterwarnings("ignore")


class Optimizer:
    def __init__(self, rate):
        self.learning_rate = rate


class Model:
    def __init__(self, rate):
        self.stop_training = False
        self.optimizer = Optimizer(rate)
        self.epoch = -1
        self.restored = None
        self.saved = []

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.restored = weights

    def save(self, _path, overwrite=True):
        self.saved.append(self.epoch)


def drive(callback, values, rate=1.0):
    """Epochs' learning rates, the epoch that stopped, the epochs saved and restored."""
    model = Model(rate)
    callback.set_model(model)
    callback.on_train_begin()
    rates, stopped = [], None
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"figure": value})
        rates.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            stopped = epoch
            break
    callback.on_train_end()
    return {"rates": rates, "stopped": stopped, "saved": model.saved, "restored": model.restored}


def main():
    draw = random.Random(1)
    cases = []
    for i in range(180):
        values = [draw.randrange(64, 64 + draw.choice([8, 64])) / 64 for _ in range(12)]
        mode = draw.choice(["min", "max"])
        delta = draw.choice([0, 0, 1 / 64, 4 / 64])
        threshold = draw.choice([None, None, 1.25])
        kind = ["EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"][i % 3]
        if kind == "EarlyStopping":
            options = dict(minDelta=delta, patience=draw.randrange(4), baseline=threshold,
                           startFromEpoch=draw.choice([0, 0, 2]),
                           restoreBestWeights=draw.random() < 0.7)
            made = callbacks.EarlyStopping(
                monitor="figure", mode=mode, min_delta=delta, patience=options["patience"],
                baseline=threshold, start_from_epoch=options["startFromEpoch"],
                restore_best_weights=options["restoreBestWeights"])
        elif kind == "ReduceLROnPlateau":
            options = dict(minDelta=delta, patience=draw.randrange(4), factor=0.5,
                           cooldown=draw.randrange(3), minLearningRate=draw.choice([0, 0.375]))
            made = callbacks.ReduceLROnPlateau(
                monitor="figure", mode=mode, min_delta=delta, patience=options["patience"],
                factor=0.5, cooldown=options["cooldown"], min_lr=options["minLearningRate"])
        else:
            options = dict(initialValueThreshold=threshold)
            made = callbacks.ModelCheckpoint(
                "never_written.keras", monitor="figure", mode=mode, save_best_only=True,
                initial_value_threshold=threshold)
        cases.append({"kind": kind, "mode": mode, "options": options, "values": values,
                      "decided": drive(made, values)})
    lines = ",\n".join(json.dumps(case) for case in cases)
    sys.stdout.write(f'{{"keras": "{keras.__version__}", "cases": [\n{lines}\n]}}\n')


main()
