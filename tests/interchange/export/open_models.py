"""What real Keras makes of exported folders, opened as its users open them.

    python open_models.py keras|tf_keras FOLDER

Every folder in FOLDER has decoder.keras or decoder.h5, README.md, and cases.json with a feature
and words. Writes found.json beside: probabilities after each prefix, padded in front and behind,
and what the code in README.md prints.
"""
import contextlib, io, json, os, re, sys, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
family, folder = sys.argv[1:3]
keras = sys.modules["keras"] = __import__(family)
for name in sorted(os.listdir(folder)):
    os.chdir(f"{folder}/{name}")
    cases = json.load(open("cases.json"))
    path = next(file for file in os.listdir(".") if file in ("decoder.keras", "decoder.h5"))
    if family == "tf_keras" and path == "decoder.keras":
        continue
    if family == "keras" and "Needs Keras 2 (for Keras 3" in open("README.md").read():
        continue
    model = keras.models.load_model(path)
    features = np.array(cases["feature"], "float32")
    length = model.inputs[1].shape[1]
    prefixes = [cases["words"][:n] for n in range(1, len(cases["words"]) + 1)]
    padded = [keras.utils.pad_sequences([prefix], maxlen=length, padding=padding)[0]
              for prefix in prefixes for padding in ("pre", "post")]
    found = np.asarray(model([np.repeat(features[None], len(padded), 0),
                              np.array(padded, "float32")]))
    code = re.search("```python\n(.*?)```", open("README.md").read(), re.S)[1]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {"features": features})
    with open("found.json", "w") as file:
        json.dump({"probabilities": found.tolist(), "printed": printed.getvalue().strip(),
                   "parameters": model.count_params(), "length": length}, file)
