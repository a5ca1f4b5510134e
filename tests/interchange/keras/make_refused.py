"""Models by real Keras that no decoder here is: python make_refused.py keras|tf_keras FOLDER

Writes NAME.keras (Keras 3) or NAME.h5 (Keras 2) and NAME.weights.h5 of each.
"""
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
family, folder = sys.argv[1:3]
keras = __import__(family)
globals().update({name: getattr(keras.layers, name) for name in (
    "Input Dense Embedding LSTM GRU SimpleRNN Bidirectional RepeatVector Masking Add Concatenate "
    "Multiply Attention MultiHeadAttention LayerNormalization GlobalAveragePooling1D Conv1D "
    "Average Lambda RNN LSTMCell").split()})
F, U, E, D, V, L = 6, 5, 4, 8, 13, 7


def model(met, photo, words, dense=D):
    met = Dense(dense, activation="relu", name="hidden")(met) if dense else met
    return keras.Model([photo, words], Dense(V, activation="softmax", name="last")(met))


def merged(read, merge=Add, dense=D, units=U):
    """An image and what becomes of embedded words."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(units, activation="relu", name="picture")(photo)
    embedded = Embedding(V, E, mask_zero=True, name="vectors")(words)
    return model(merge(name="met")([image, read(embedded)]), photo, words, dense)


def beside(read, axis=-1):
    """The image beside each word, or before the first."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = RepeatVector(1 if axis == 1 else L)(Dense(E, name="picture")(photo))
    met = Concatenate(axis=axis, name="met")([image, Embedding(V, E, name="vectors")(words)])
    return model(read(met), photo, words)


def started(states):
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    embedded = Embedding(V, E, mask_zero=True, name="vectors")(words)
    return model(LSTM(U, name="reader")(embedded, initial_state=states(photo)), photo, words)


def attended():
    """Attention of one's own: the image asks for words."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(U, activation="relu", name="picture")(photo)
    read = LSTM(U, return_sequences=True, name="reader")(Embedding(V, E, name="vectors")(words))
    asked = Attention(name="asking")([RepeatVector(1)(image), read])
    met = Concatenate(name="met")([GlobalAveragePooling1D()(asked), image])
    return model(met, photo, words)


def multi_head():
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    embedded = Embedding(V, E, name="vectors")(words)
    read = LSTM(U)(MultiHeadAttention(2, E, name="heads")(embedded, embedded))
    return model(Add(name="met")([Dense(U, name="picture")(photo), read]), photo, words)


def second_above():
    """A second recurrent layer above joined image and words."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = RepeatVector(L)(Dense(U, name="picture")(photo))
    read = LSTM(U, return_sequences=True, name="reader")(Embedding(V, E, name="vectors")(words))
    return model(LSTM(U, name="second")(Concatenate(name="met")([image, read])), photo, words)


def masked_above():
    """In Keras 3 the first layer reads the padding, the second does not."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(U, name="picture")(photo)
    embedded = Embedding(V, E, mask_zero=True, name="vectors")(words)
    read = LSTM(U, return_sequences=True, name="reader")(embedded, initial_state=[image, image])
    return model(LSTM(U, name="second")(read), photo, words)


def last_unmasked():
    """In Keras 2 the first layer does not read the padding, the second does."""
    photo, words = Input(shape=(F,)), Input(shape=(L,))
    image = Dense(U, activation="relu", name="picture")(photo)
    embedded = Embedding(V, E, mask_zero=True, name="vectors")(words)
    read = keras.layers.Identity()(LSTM(U, return_sequences=True)(embedded))
    return model(Add(name="met")([image, LSTM(U, name="second")(read)]), photo, words)


sequence = {"return_sequences": True}
variants = {
    "bidirectional_above": lambda: beside(Bidirectional(LSTM(U), name="both")),
    "second_above": second_above,
    "bidirectional_words": lambda: merged(Bidirectional(LSTM(U), name="both"), units=2 * U),
    "bidirectional_below": lambda: merged(
        lambda x: LSTM(U)(Bidirectional(LSTM(U, **sequence), name="both")(x))),
    "attention": attended,
    "multi_head": multi_head,
    "unlike_width": lambda: merged(lambda x: LSTM(U, name="second")(LSTM(U + 1, **sequence)(x))),
    "unlike_cells": lambda: beside(lambda x: LSTM(U, name="second")(GRU(U, **sequence)(x))),
    "simple": lambda: merged(SimpleRNN(U, name="simple")),
    "masking": lambda: merged(lambda x: LSTM(U)(Masking(name="masking")(x))),
    "multiplied": lambda: merged(LSTM(U), Multiply),
    "averaged": lambda: merged(LSTM(U), Average),
    "normalised": lambda: merged(lambda x: LayerNormalization(name="norm")(LSTM(U)(x))),
    "convolved": lambda: merged(lambda x: LSTM(U)(Conv1D(E, 3, padding="same", name="conv")(x))),
    "backwards": lambda: merged(LSTM(U, go_backwards=True, name="reader")),
    "rectified": lambda: merged(LSTM(U, activation="relu", name="reader")),
    "dense_words": lambda: merged(lambda x: Dense(U, name="more")(LSTM(U)(x))),
    "as_first_word": lambda: beside(LSTM(U, name="reader"), axis=1),
    "two_states": lambda: started(
        lambda photo: [Dense(U, name="one")(photo), Dense(U, name="two")(photo)]),
    "lambda": lambda: merged(lambda x: Lambda(lambda y: y * 2, name="code")(LSTM(U)(x))),
    "normalised_steps": lambda: merged(
        lambda x: LSTM(U)(keras.layers.BatchNormalization(axis=1, name="norm")(x))),
    "cell": lambda: merged(RNN(LSTMCell(U), name="looped")),
}
variants |= {"masked_above": masked_above} if family == "keras" else {"last_unmasked": last_unmasked}
if len(sys.argv) > 3:
    variants = {name: variants[name] for name in sys.argv[3].split(",")}
for name, make in variants.items():
    made = make()
    made.save(f"{folder}/{name}.{'keras' if family == 'keras' else 'h5'}")
    made.save_weights(f"{folder}/{name}.weights.h5")
