"""Greedy captions of exported decoders in real Keras: python caption_exports.py FOLDER

FOLDER/exports.json lists each file with its Keras (keras or tf_keras) and the photos' features; writes
captions.json, in the same order and form as make_models.py.
"""
import importlib, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
START, END = 1, 2


def captions_of(keras, model, features):
    """The whole padded prefix again for every word, padded in front and behind."""
    length = model.inputs[1].shape[1]
    rows = [(photo, padding) for photo in features for padding in ("pre", "post")]
    words, ends = [[START] for _ in rows], [None] * len(rows)
    for _ in range(length - 1):
        padded = np.concatenate([keras.utils.pad_sequences([prefix], maxlen=length, padding=padding)
                                 for prefix, (_, padding) in zip(words, rows)])
        found = model([np.array([photo for photo, _ in rows], "float32"), padded.astype("float32")])
        for i, word in enumerate(np.argmax(np.asarray(found), axis=1).tolist()):
            if ends[i] is None:
                if word in (0, END):
                    ends[i] = word
                else:
                    words[i].append(word)
    return [[prefix[1:], end] for prefix, end in zip(words, ends)]


found = []
for export in json.load(open(f"{sys.argv[1]}/exports.json")):
    keras = importlib.import_module(export["family"])
    model = keras.models.load_model(export["path"], compile=False)
    found.append(captions_of(keras, model, export["features"]))
    keras.backend.clear_session()
with open(f"{sys.argv[1]}/captions.json", "w") as file:
    json.dump(found, file)
