"""Decoders made by real Keras with random weights, and what they give.

    python make_models.py keras|tf_keras FOLDER

Writes NAME.keras and NAME.h5 of every variant, and models.json: by name the features, prefixes
(index 0 pads them in front and behind), logits and greedy captions as the notebooks make them.
"""
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py, numpy as np, tensorflow as tf
family, folder = sys.argv[1:3]
keras = __import__(family)
globals().update({name: getattr(keras.layers, name) for name in (
    "Input Dropout Dense Embedding LSTM Bidirectional RepeatVector Dot Activation Softmax Lambda "
    "Attention GlobalAveragePooling1D Add Concatenate UnitNormalization").split()})
F, U, E, D, V, L = 6, 5, 4, 8, 13, 7
START, END = 1, 2
random = np.random.default_rng(5)


def image_and_words(dropout=.5):
    photo = Input(shape=(F,))
    image = Dense(U, activation="relu")(Dropout(dropout)(photo))
    words = Input(shape=(L,))
    embedded = Dropout(.5)(Embedding(V, E, mask_zero=True)(words))
    return photo, image, words, embedded


def merge(dropout=.4):
    photo, image, words, embedded = image_and_words(dropout)
    met = Add()([image, LSTM(U)(embedded)])
    output = Dense(V, activation="softmax")(Dense(D, activation="relu")(met))
    return keras.Model(inputs=[photo, words], outputs=output)


def merge_variant():
    """L2, a dropout after the LSTM, the softmax a layer of its own, words added first."""
    l2 = keras.regularizers.l2(.01)
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(U, activation="relu", kernel_regularizer=l2)(UnitNormalization()(photo))
    states = Dropout(.3)(LSTM(U)(Embedding(V, E, mask_zero=True)(words)))
    met = Dense(D, activation="relu", kernel_regularizer=l2)(Add()([states, image]))
    return keras.Model(inputs=[photo, words], outputs=Softmax()(Dense(V)(met)))


def merge_unmasked():
    """The LSTM reads the padding too."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(U, activation="relu")(Dropout(.4)(photo))
    met = Add()([image, LSTM(U)(Dropout(.5)(Embedding(V, E)(words)))])
    output = Dense(V, activation="softmax")(Dense(D, activation="relu")(met))
    return keras.Model(inputs=[photo, words], outputs=output)


def merge_nested():
    """The image's side is a model of its own; inputs the other way round."""
    photo = Input(shape=(F,))
    encoder = keras.Model(photo, Dense(U, activation="relu")(Dropout(.2)(photo)), name="encoder")
    image, words = Input(shape=(F,)), Input(shape=(L,))
    states = LSTM(U)(Embedding(V, E, mask_zero=True)(words))
    met = Dense(D, activation="relu")(Add()([encoder(image), states]))
    return keras.Model(inputs=[words, image], outputs=Dense(V, activation="softmax")(met))


def merge_apart():
    """Activations and the sum are layers or functions of their own; inputs by name."""
    photo, words = Input(shape=(F,), name="photo"), Input(shape=(L,), name="words")
    relu = keras.ops.relu if family == "keras" else tf.nn.relu
    softmax = keras.ops.softmax if family == "keras" else tf.nn.softmax
    image = keras.layers.ReLU()(Dense(U)(photo))
    met = image + LSTM(U)(Embedding(V, E, mask_zero=True)(words))
    output = softmax(Dense(V)(relu(Dense(D)(met))))
    return keras.Model(inputs={"photo": photo, "words": words}, outputs=output)


def bilstm(attend, image_first=False, scores=True):
    photo, image, words, embedded = image_and_words()
    steps = Bidirectional(LSTM(U, return_sequences=True))(RepeatVector(L)(image))
    states = Bidirectional(LSTM(U, return_sequences=True))(embedded)
    if scores:
        steps = Activation("softmax")(Dot(axes=[2, 2])([steps, states]))
    context = attend(steps, states)
    joined = Concatenate()([image, context] if image_first else [context, image])
    output = Dense(V, activation="softmax")(Dense(D, activation="relu")(joined))
    return keras.Model(inputs=[photo, words], outputs=output)


def published(weights, states):
    """As the notebook has it; with Keras 2 tf.reduce_sum becomes a layer, with Keras 3 it cannot."""
    context = Lambda(lambda x: tf.einsum("ijk,ijl->ikl", x[0], x[1]), output_shape=(L, 2 * U))
    context = context([weights, states])
    if family == "tf_keras":
        return tf.reduce_sum(context, axis=1)
    return Lambda(lambda x: tf.reduce_sum(x, axis=1), output_shape=(2 * U,))(context)


variants = {
    "merge": merge,
    "merge_variant": merge_variant,
    "merge_unmasked": merge_unmasked,
    "merge_nested": merge_nested,
    "merge_apart": merge_apart,
    "published": lambda: bilstm(published),
    "weighted_mean": lambda: bilstm(
        lambda a, s: GlobalAveragePooling1D()(Dot(axes=[2, 1])([a, s])), image_first=True),
    "sum_mean": lambda: bilstm(lambda a, s: GlobalAveragePooling1D()(Dot(axes=1)([a, s]))),
}
if family == "keras":
    ops = keras.ops
    variants |= {
        "einsum_sum": lambda: bilstm(lambda a, s: ops.sum(ops.einsum("ijk,ijl->ikl", a, s), axis=1)),
        "einsum_weighted": lambda: bilstm(
            lambda a, s: ops.sum(ops.einsum("ijk,ikl->ijl", a, s), axis=1)),
        "matmul": lambda: bilstm(lambda a, s: ops.mean(ops.matmul(a, s), axis=1)),
        "attention": lambda: bilstm(
            lambda a, s: ops.sum(Attention()([a, s]), axis=1), scores=False),
    }
else:
    variants |= {
        "matmul": lambda: bilstm(lambda a, s: tf.reduce_mean(tf.matmul(a, s), axis=1)),
        "attention": lambda: bilstm(
            lambda a, s: tf.reduce_sum(Attention()([a, s]), axis=1), scores=False),
        "einsum_weighted": lambda: bilstm(
            lambda a, s: tf.reduce_sum(tf.einsum("ijk,ikl->ijl", a, s), axis=1)),
    }


def as_bytes(path):
    """What older h5py wrote: attributes of bytes. And older Keras called the class Model."""
    def rewrite(_, item):
        for key, value in list(item.attrs.items()):
            if isinstance(value, str):
                item.attrs[key] = np.bytes_(value)
            elif value.dtype == object:
                item.attrs[key] = np.array([name.encode() for name in value])
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        config["class_name"] = "Model"
        file.attrs["model_config"] = json.dumps(config)
        rewrite("/", file)
        file.visititems(rewrite)


def logits_of(model, inputs):
    last = [layer for layer in model.layers if isinstance(layer, Dense)][-1]
    before, last.activation = last.activation, keras.activations.linear
    try:
        return np.asarray(keras.Model(model.inputs, last.output)(inputs))
    finally:
        last.activation = before


def given(model, features, prefixes):
    """Inputs in the order that the model takes them."""
    both = [np.asarray(features, "float32"), np.asarray(prefixes, "float32")]
    return both if model.inputs[0].shape[1] == F else both[::-1]


def captions_of(model, features):
    """The loop of the notebooks, the whole padded prefix again for every word; padded in front and
    behind. All photos side by side, as their rows do not touch."""
    rows = [(photo, padding) for photo in features for padding in ("pre", "post")]
    words, ends = [[START] for _ in rows], [None] * len(rows)
    for _ in range(L - 1):
        padded = np.concatenate([keras.utils.pad_sequences([prefix], maxlen=L, padding=padding)
                                 for prefix, (_, padding) in zip(words, rows)])
        found = np.asarray(model(given(model, [photo for photo, _ in rows], padded)))
        for i, word in enumerate(np.argmax(found, axis=1).tolist()):
            if ends[i] is None:
                if word in (0, END):
                    ends[i] = word
                else:
                    words[i].append(word)
    return [[prefix[1:], end] for prefix, end in zip(words, ends)]


made = {}
for name, make in variants.items():
    keras.utils.set_random_seed(len(made))
    model = make()
    model.set_weights([w + random.normal(0, 1 if w.ndim > 1 else .3, w.shape)
                       for w in model.get_weights()])
    model.compile(loss="categorical_crossentropy", optimizer="adam")
    model.save(f"{folder}/{name}.keras")
    model.save(f"{folder}/{name}.h5")
    if family == "tf_keras" and name in ("merge", "published"):
        model.save(f"{folder}/{name}_bytes.h5")
        as_bytes(f"{folder}/{name}_bytes.h5")
    if name == "merge":
        model.save_weights(f"{folder}/weights_only.weights.h5")
    features = random.normal(0, 1, (4, F)).astype("float32")
    prefixes = [[START, *random.integers(3, V, n).tolist()] for n in range(L)]
    rows, padded = [], []
    for i, prefix in enumerate(prefixes):
        for padding in ("pre", "post"):
            padded.append(keras.utils.pad_sequences([prefix], maxlen=L, padding=padding)[0])
            rows.append({"photo": i % 4, "prefix": prefix})
    logits = logits_of(model, given(model, features[[row["photo"] for row in rows]], padded))
    for row, found in zip(rows, logits):
        row["logits"] = found.tolist()
    made[name] = {"features": features.tolist(), "rows": rows, "captions": captions_of(model, features),
                  "weights": len(model.get_weights()), "parameters": model.count_params()}
with open(f"{folder}/models.json", "w") as file:
    json.dump(made, file)
