"""A Keras project's files, made by real Keras: python make_project.py FOLDER PHOTOS… [--weights H5]

tokenizer.pkl (and by protocol tokenizer0.pkl … tokenizer5.pkl), tokenizer.json, model.h5,
model.keras, features.pkl (and by protocol features0.pkl … features5.pkl, .npy, .npz, HDF5), and
captions.json: the captions that the notebooks' greedy loop gives.
"""
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import collections, json, pickle
import h5py, keras, numpy as np, tensorflow as tf
from keras.src.legacy.preprocessing.text import Tokenizer

arguments = sys.argv[1:]
weights = arguments[arguments.index("--weights") + 1] if "--weights" in arguments else None
folder, *photos = arguments[:arguments.index("--weights")] if weights else arguments
keras.utils.set_random_seed(3)
random = np.random.default_rng(3)

captions = ["startseq a dog runs on the grass endseq", "startseq the black dog jumps endseq",
            "startseq two children play on a beach endseq", "startseq ein Häuschen am Meer endseq"]
tokenizer = Tokenizer()
tokenizer.fit_on_texts(captions)
size, longest = len(tokenizer.word_index) + 1, max(len(caption.split()) for caption in captions)
for protocol in range(6):
    with open(f"{folder}/tokenizer{protocol}.pkl", "wb") as file:
        pickle.dump(tokenizer, file, protocol)
with open(folder + "/tokenizer.pkl", "wb") as file:
    pickle.dump(tokenizer, file)
with open(folder + "/tokenizer.json", "w") as file:
    file.write(tokenizer.to_json())
with open(folder + "/quoted.json", "w") as file:
    json.dump(tokenizer.to_json(), file)

values = {
    "numbers": [0, -1, 255, 65536, -2**31, 2**40, -2**70, 1.5, -0.0, float("inf"), np.float32(.5), np.int64(7)],
    "texts": ["", "Häuschen\n\\u00e4 \\", "\U0001f600", np.str_("ö"), b"", b"\x00\xff"],
    "truths": (True, False, None, np.bool_(True)),
    "counts": collections.OrderedDict(a=1, b=2), "docs": collections.defaultdict(int, {"x": 3}),
    "set": {1, 2}, "objects": np.array(["a", "b"], dtype=object), "unicode": np.array(["ab", "ö"]),
    "big": np.arange(3).astype(">f4"),
}
values["again"] = values["big"]
for protocol in range(6):
    with open(f"{folder}/values{protocol}.pkl", "wb") as file:
        pickle.dump(values, file, protocol)

width, layers = 1280, keras.layers
photo, words = keras.Input((width,)), keras.Input((longest,))
image = layers.Dense(16, activation="relu")(layers.Dropout(.4)(photo))
state = layers.LSTM(16)(layers.Dropout(.4)(layers.Embedding(size, 12, mask_zero=True)(words)))
output = layers.Dense(size, activation="softmax")(
    layers.Dense(16, activation="relu")(layers.add([image, state])))
model = keras.Model([photo, words], output)


def load_img(path, size):
    """keras.utils.load_img(path, target_size=…) without Pillow: its nearest neighbours."""
    with open(path, "rb") as file:
        pixels = tf.io.decode_jpeg(file.read(), 3, dct_method="INTEGER_ACCURATE").numpy()
    rows, columns = (np.floor((np.arange(size) + .5) * side / size).astype(int)
                     for side in pixels.shape[:2])
    return pixels[rows][:, columns].astype(np.float32)


features = {}
if weights:
    encoder = keras.applications.MobileNetV2(weights=weights)
    encoder = keras.Model(encoder.input, encoder.layers[-2].output)
    for path in photos:
        pixels = load_img(path, 224)[None]
        name = os.path.splitext(os.path.basename(path))[0]
        features[name] = encoder.predict(
            keras.applications.mobilenet_v2.preprocess_input(pixels), verbose=0)
else:
    for path in photos:
        features[path] = random.normal(0, 1, (1, width)).astype(np.float32)

# One caption for each photo, learnt by heart: one row per (prefix, next word).
rows = []
for feature, caption in zip(features.values(), captions):
    sequence = tokenizer.texts_to_sequences([caption])[0]
    for end in range(1, len(sequence)):
        rows.append((feature[0], sequence[:end] + [0] * (longest - end), sequence[end]))
given, prefixes, next_words = (np.array(column) for column in zip(*rows))
model.compile(keras.optimizers.Adam(.01), "sparse_categorical_crossentropy")
model.fit([given, prefixes], next_words, batch_size=len(rows), epochs=100, verbose=0)
model.save(folder + "/model.h5")
model.save(folder + "/model.keras")


def greedy(feature):
    text = "startseq"
    for _ in range(longest):
        sequence = tokenizer.texts_to_sequences([text])[0]
        padded = np.array([sequence + [0] * (longest - len(sequence))])
        best = int(np.argmax(model.predict([feature, padded], verbose=0)))
        word = tokenizer.index_word.get(best)
        if word is None:
            break
        text += " " + word
        if word == "endseq":
            break
    return text


with open(folder + "/captions.json", "w") as file:
    json.dump({name: greedy(feature) for name, feature in features.items()}, file)
for protocol in range(6):
    with open(f"{folder}/features{protocol}.pkl", "wb") as file:
        pickle.dump(features, file, protocol)
with open(folder + "/features.pkl", "wb") as file:
    pickle.dump(features, file)
names, matrix = list(features), np.concatenate(list(features.values()))
np.save(folder + "/dict.npy", features)
np.savez(folder + "/dict.npz", features)
np.savez(folder + "/each.npz", **features)
np.savez_compressed(folder + "/each_deflated.npz", **features)
np.savez_compressed(folder + "/matrix.npz", features=matrix, names=np.array(names))
np.savez(folder + "/big_endian.npz", names=np.array(names, dtype=object), x=matrix.astype(">f8"))
with h5py.File(folder + "/each.h5", "w") as file:
    for name, feature in features.items():
        file["features/" + name] = feature
with h5py.File(folder + "/matrix.h5", "w") as file:
    file["names"], file["features"] = names, matrix.astype(np.float64)
with h5py.File(folder + "/fixed_texts.h5", "w") as file:
    file["names"], file["features"] = np.array(names, dtype="S"), matrix
half = {name: feature[0].astype(np.float16) for name, feature in features.items()}
fortran = {name: np.asfortranarray(np.tile(feature, (2, 1))) for name, feature in features.items()}
for name, value in {"half": half, "fortran": fortran}.items():
    with open(f"{folder}/{name}.pkl", "wb") as file:
        pickle.dump(value, file)
matrix.tofile(folder + "/matrix.bytes")
