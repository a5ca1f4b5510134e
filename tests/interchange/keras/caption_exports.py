"""Greedy captions of exported decoders in real Keras: python caption_exports.py FOLDER

FOLDER/exports.json lists each file with its Keras (keras or tf_keras) and the photos' features; writes
captions.json, in the same order and form as make_models.py.
"""
import importlib, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
from greedy_captions import greedy_captions


def captions_of(keras, model, features):
    def predict(photos, prefixes):
        return np.asarray(model([np.array(photos, "float32"), prefixes.astype("float32")]))
    return greedy_captions(keras, model.inputs[1].shape[1], features, predict)


found = []
for export in json.load(open(f"{sys.argv[1]}/exports.json")):
    keras = importlib.import_module(export["family"])
    model = keras.models.load_model(export["path"], compile=False)
    found.append(captions_of(keras, model, export["features"]))
    keras.backend.clear_session()
with open(f"{sys.argv[1]}/captions.json", "w") as file:
    json.dump(found, file)
