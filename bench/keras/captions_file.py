"""Captions as lists of word numbers, most frequent word first; 0 is padding."""

import collections
import csv
import re


def read_captions(path):
    """Returns the captions and the size of the vocabulary."""
    with open(path, encoding="utf8") as file:
        rows = list(csv.reader(file))[1:]
    texts = [["startseq", *re.sub("[^a-z ]", "", row[1].lower()).split(), "endseq"] for row in rows]
    counts = collections.Counter(word for text in texts for word in text)
    index = {word: i for i, (word, _) in enumerate(counts.most_common(), start=1)}
    return [[index[word] for word in text] for text in texts], len(index) + 1
