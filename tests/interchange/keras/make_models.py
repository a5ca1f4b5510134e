"""Decoders made by real Keras with random weights, and what they give.

    python make_models.py keras|tf_keras FOLDER whole|recurrent [NAME,NAME,...]

Writes NAME.keras and NAME.h5 of every variant, or of those named, and models.json: by name the features, prefixes
(index 0 pads them in front and behind), logits and greedy captions as the notebooks make them.
"""
import json, os, re, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py, numpy as np, tensorflow as tf
from greedy_captions import START, greedy_captions
family, folder = sys.argv[1:3]
keras = __import__(family)
globals().update({name: getattr(keras.layers, name) for name in (
    "Input Dropout Dense Embedding LSTM Bidirectional RepeatVector Dot Activation Softmax Lambda "
    "Attention GlobalAveragePooling1D Add Concatenate UnitNormalization GRU TimeDistributed "
    "SpatialDropout1D GaussianNoise BatchNormalization").split()})
F, U, E, D, V, L = 6, 5, 4, 8, 13, 7
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


def recurrent(cell, layers, embedded, sequences=False, initial=None, dropout=0, **gates):
    for i in range(layers):
        layer = cell(U, return_sequences=sequences or i < layers - 1, **gates)
        embedded = layer(embedded, initial_state=initial) if initial else layer(embedded)
        if dropout and i < layers - 1:
            embedded = Dropout(dropout)(embedded)
    return embedded


def layered(kind, cell=LSTM, layers=1, words_first=False, hidden=None, masked=True, units=U,
            state="same", sequences=False, dropout=0, activation="relu", **gates):
    """Merge by concatenating, par-inject and init-inject of any recurrent layers."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(units, activation=activation)(Dropout(.4)(photo))
    embedded = Dropout(.3)(Embedding(V, E, mask_zero=masked)(words))
    join = lambda a, b: Concatenate()([b, a] if words_first else [a, b])
    more = dict(gates, dropout=dropout)
    if kind == "par":
        met = recurrent(cell, layers, join(RepeatVector(L)(image), embedded), sequences, **more)
    elif kind == "init":
        first = keras.layers.Activation("tanh")(image) if state == "tanh" else image
        initial = [first, image] if cell is LSTM else first if cell is not GRU else [first]
        met = recurrent(cell, layers, embedded, sequences, initial, **more)
    else:
        image = RepeatVector(L)(image) if sequences else image
        read = recurrent(cell, layers, embedded, sequences, **more)
        met = Add()([image, read]) if kind == "add" else join(image, read)
    met = Dropout(.2)(met)
    if hidden:
        met = Dense(hidden, activation="relu")(met)
    last = Dense(V, activation="softmax")
    return keras.Model(inputs=[photo, words], outputs=TimeDistributed(last)(met) if sequences else last(met))


def two_branches():
    """Two Sequential models as Keras notebooks join them; the words' branch begins with an index."""
    photo = keras.Sequential([Input(shape=(F,)), Dense(U, activation="relu"), RepeatVector(L)])
    words = keras.Sequential([Input(shape=(L,)), Embedding(V, E, mask_zero=True)])
    met = LSTM(U)(Concatenate()([photo.outputs[0], words.outputs[0]]))
    return keras.Model([photo.inputs[0], words.inputs[0]], Activation("softmax")(Dense(V)(met)))


def two_models():
    """The same, called as models."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = keras.Sequential([Dropout(.2), Dense(U, activation="relu")])
    text = keras.Sequential([Embedding(V, E, mask_zero=True), LSTM(U)])
    met = Concatenate()([image(photo), text(words)])
    end = keras.Sequential([Dense(D, activation="relu"), Dropout(.1), Dense(V, activation="softmax")])
    return keras.Model([photo, words], end(met))


def normalised(concatenate):
    """A batch normalisation wherever one can be; noise, SpatialDropout1D and penalties."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = BatchNormalization()(Dense(U)(GaussianNoise(.1)(BatchNormalization()(photo))))
    image = BatchNormalization()(Activation("relu")(image))
    embedded = SpatialDropout1D(.2)(BatchNormalization()(Embedding(V, E, mask_zero=True)(words)))
    read = LSTM(U, return_sequences=True, dropout=.1, kernel_regularizer="l2")(embedded)
    read = LSTM(U, recurrent_dropout=.1)(BatchNormalization()(read))
    met = Concatenate()([BatchNormalization()(read), image]) if concatenate else Add()([image, read])
    met = BatchNormalization(scale=False)(met)
    met = BatchNormalization(center=False)(Dense(D, activation="relu")(met))
    return keras.Model([photo, words], Activation("softmax")(BatchNormalization()(Dense(V)(met))))


def added_inject():
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = RepeatVector(L)(Dense(E, activation="tanh")(photo))
    met = LSTM(U)(Add()([Embedding(V, E, mask_zero=True)(words), image]))
    return keras.Model([photo, words], Dense(V, activation="softmax")(met))


def joined_by_function():
    """By TensorFlow's or Keras 3's function, which gives no mask."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    join = keras.ops.concatenate if family == "keras" else tf.concat
    image = RepeatVector(L)(Dense(U, activation="relu")(photo))
    met = LSTM(U)(join([image, Embedding(V, E, mask_zero=True)(words)], -1))
    return keras.Model([photo, words], Dense(V, activation="softmax")(met))


def identity():
    """In Keras 2 the layer loses the mask, in Keras 3 it does not."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    read = LSTM(U)(keras.layers.Identity()(Embedding(V, E, mask_zero=True)(words)))
    met = Dense(D, activation="relu")(Add()([Dense(U, activation="relu")(photo), read]))
    return keras.Model([photo, words], Dense(V, activation="softmax")(met))


def frozen():
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(U, activation="linear")(photo)
    met = Add()([image, GRU(U)(Embedding(V, E, mask_zero=True, trainable=False)(words))])
    return keras.Model([photo, words], Dense(V, activation="softmax")(Dense(D, activation="relu")(met)))


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


def half(model, make):
    """The model in float16: its weights are rounded, and figures are still made in float32."""
    model.set_weights([w.astype("float16") for w in model.get_weights()])
    keras.mixed_precision.set_global_policy("float16")
    made = make()
    keras.mixed_precision.set_global_policy("float32")
    made.set_weights(model.get_weights())
    return made


hard = {"recurrent_activation": "hard_sigmoid"}
recurrent_variants = {
    "concat_lstm": lambda: layered("concat", hidden=D, units=U + 1),
    "concat_gru_words": lambda: layered("concat", GRU, words_first=True, hidden=D),
    "add_gru_old": lambda: layered("add", GRU, hidden=D, reset_after=False, **hard),
    "add_stacked": lambda: layered("add", LSTM, 2, hidden=D, dropout=.25),
    "concat_stacked_gru": lambda: layered("concat", GRU, 2, hidden=D, masked=False),
    "par_lstm": lambda: layered("par"),
    "par_gru": lambda: layered("par", GRU, 2, words_first=True, hidden=D, units=U - 1),
    "par_unmasked": lambda: layered("par", LSTM, masked=False, hidden=D),
    "par_hard": lambda: layered("par", LSTM, words_first=True, **hard),
    "init_lstm": lambda: layered("init", hidden=D),
    "init_tanh": lambda: layered("init", state="tanh", activation="linear"),
    "init_gru": lambda: layered("init", GRU, activation="tanh"),
    "init_stacked": lambda: layered("init", LSTM, 2, dropout=.25, **hard),
    "init_unmasked_gru": lambda: layered("init", GRU, 2, masked=False, reset_after=False),
    "sequences_init": lambda: layered("init", sequences=True),
    "sequences_merge": lambda: layered("add", GRU, sequences=True, hidden=D),
    "two_branches": two_branches,
    "two_models": two_models,
    "norms_add": lambda: normalised(False),
    "norms_concat": lambda: normalised(True),
    "added_inject": added_inject,
    "joined_by_function": joined_by_function,
    "identity": identity,
    "frozen": frozen,
    "half": merge,
}
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
    """The last position that has a word, of models that give one at each."""
    found = np.asarray(model(inputs))
    if found.ndim == 3 or not any(isinstance(layer, Dense) for layer in model.layers[-3:]):
        found = np.log(found)
        if found.ndim == 3:
            words = next(x for x in inputs if x.shape[1] == L)
            found = found[np.arange(len(found)), [np.flatnonzero(row)[-1] for row in words]]
        return found - found.mean(1, keepdims=True)
    if isinstance(model.layers[-1], Activation):
        return np.asarray(keras.Model(model.inputs, model.layers[-2].output)(inputs))
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
    def predict(photos, prefixes):
        found = np.asarray(model(given(model, photos, prefixes)))
        if found.ndim == 3:
            found = found[np.arange(len(found)), [np.flatnonzero(row)[-1] for row in prefixes]]
        return found
    return greedy_captions(keras, L, features, predict)


if sys.argv[3] == "recurrent":
    variants = recurrent_variants
if len(sys.argv) > 4:
    variants = {name: variants[name] for name in sys.argv[4].split(",")}
made = {}
for name, make in variants.items():
    keras.utils.set_random_seed(len(made))
    model = make()
    model.set_weights([np.abs(w + random.normal(0, 1 if w.ndim > 1 else .3, w.shape))
                       if re.search("gamma|variance", str(getattr(v, "path", v.name)))
                       else w + random.normal(0, 1 if w.ndim > 1 else .3, w.shape)
                       for v, w in zip(model.weights, model.get_weights())])
    figures = model
    if name == "half":
        model = half(model, make)
    model.compile(loss="categorical_crossentropy", optimizer="adam")
    model.save(f"{folder}/{name}.keras")
    model.save(f"{folder}/{name}.h5")
    if family == "tf_keras" and name in ("merge", "published"):
        model.save(f"{folder}/{name}_bytes.h5")
        as_bytes(f"{folder}/{name}_bytes.h5")
    if name == "merge":
        model.save_weights(f"{folder}/weights_only.weights.h5")
    if sys.argv[3] == "recurrent":
        model.save_weights(f"{folder}/{name}.weights.h5")
        if family == "tf_keras":
            model.save_weights(f"{folder}/{name}_named.h5")
        os.makedirs(f"{folder}/{name}_layers")
        model.save_weights(f"{folder}/{name}_layers/a.weights.h5")
        with open(f"{folder}/{name}_layers/model.json", "w") as file:
            file.write(model.to_json())
    model = figures
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
        row["centred"] = bool(abs(found.mean()) < 1e-5)
    made[name] = {"features": features.tolist(), "rows": rows, "captions": captions_of(model, features),
                  "weights": len(model.get_weights()), "parameters": model.count_params()}
with open(f"{folder}/models.json", "w") as file:
    json.dump(made, file)
