# Reads the files of a folder by NumPy and pandas, without options, and prints what it finds as one JSON document.
import json
import sys

import numpy
import pandas

folder = sys.argv[1]
found = {}


def plain(values):
    return [None if isinstance(one, float) and one != one else one for one in values]


for name in ("trajectory", "schedule-path"):
    table = pandas.read_csv(f"{folder}/{name}.csv")
    found[name] = {
        "columns": list(table.columns),
        "numeric": [name for name in table.columns if pandas.api.types.is_numeric_dtype(table[name])],
        "time": plain(table["time"].tolist()),
    }
    with numpy.load(f"{folder}/{name}.npz") as arrays:
        found[name]["arrays"] = {key: [arrays[key].dtype.kind, list(arrays[key].shape)] for key in arrays.files}
        found[name]["npz"] = plain(arrays["time"].tolist())
        found[name]["record"] = json.loads(str(arrays["record"]))["command"]
        found[name]["unit"] = json.loads(str(arrays["units"]))["time"]["unit"]
    if name == "schedule-path":
        with numpy.load(f"{folder}/{name}.npz") as arrays:
            found[name]["schedule"] = str(arrays["schedule"][0])

text = numpy.genfromtxt(f"{folder}/phase-diagram.csv", delimiter=",", names=True)
with numpy.load(f"{folder}/phase-diagram.npz") as arrays:
    grid = arrays["m"]
    found["grid"] = {
        "names": list(text.dtype.names),
        "shape": list(grid.shape),
        "equal": bool(numpy.array_equal(grid.ravel(), text["m"], equal_nan=True)),
        "phase": arrays["phase"].tolist(),
    }
print(json.dumps(found))
