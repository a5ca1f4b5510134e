"""Runs an ONNX file by onnxruntime on photos, preprocessed by NumPy.

    python onnx_reference.py NETWORK SIZE PIXELS OUT MEAN STD

PIXELS: RGB bytes of photos of SIZE x SIZE; MEAN, STD: three numbers with commas. Writes each output
as float32 to OUT/its name.
"""
import sys

import numpy as np
import onnxruntime

network, size, pixels_path, out, mean, std = sys.argv[1:]
size = int(size)
mean, std = (np.array([float(each) for each in text.split(",")], np.float32) for text in (mean, std))
pixels = np.fromfile(pixels_path, np.uint8).reshape(-1, size, size, 3)
photos = (pixels.astype(np.float32) * np.float32(1 / 255) - mean) / std
session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
names = [output.name for output in session.get_outputs()]
for name, values in zip(names, session.run(names, {"pixel_values": photos.transpose(0, 3, 1, 2)})):
    values.astype("<f4").tofile(f"{out}/{name}")
