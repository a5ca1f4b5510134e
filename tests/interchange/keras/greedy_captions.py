"""Greedy captions as the notebooks of Keras projects make them."""
import numpy as np
START, END = 1, 2


def greedy_captions(keras, length, features, predict):
    """The whole padded prefix again for every word, padded in front and behind. All photos side by
    side, as their rows do not touch. predict(photos, prefixes) gives a row of scores each."""
    rows = [(photo, padding) for photo in features for padding in ("pre", "post")]
    words, ends = [[START] for _ in rows], [None] * len(rows)
    for _ in range(length - 1):
        padded = np.concatenate([
            keras.utils.pad_sequences([prefix], maxlen=length, padding=padding)
            for prefix, (_, padding) in zip(words, rows)])
        found = predict([photo for photo, _ in rows], padded)
        for i, word in enumerate(np.argmax(found, axis=1).tolist()):
            if ends[i] is None:
                if word in (0, END):
                    ends[i] = word
                else:
                    words[i].append(word)
    return [[prefix[1:], end] for prefix, end in zip(words, ends)]
