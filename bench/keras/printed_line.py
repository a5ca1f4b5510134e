"""What the three programs beside this file share: arguments, and the line that they print."""

import argparse
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow


def arguments(**options):
    """Options with their defaults (a type: required), and Keras' policy, which is set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--policy", default="float32", help="float32 or mixed_bfloat16")
    for name, value in options.items():
        if isinstance(value, bool):
            parser.add_argument(f"--{name}", action="store_true")
        elif isinstance(value, type):
            parser.add_argument(f"--{name}", type=value, required=True)
        else:
            parser.add_argument(f"--{name}", type=type(value), default=value)
    given = parser.parse_args()
    keras.mixed_precision.set_global_policy(given.policy)
    return given


def print_line(**figures):
    version = f"Keras {keras.__version__}, TensorFlow {tensorflow.__version__}"
    print(json.dumps({"version": version, **figures}))
