"""A rival of bench/scienceSplit.ts: splits the very notes that ours splits, and says how long it took.

    split.py FOLDER LABELS NOTES RIVAL RUNS

FOLDER holds labels.u8, 0 and 1, row-major [notes, LABELS], of which the first NOTES are split 60/20/20 in two steps, as
the study does. Writes the part of each note to parts.u8 and prints the least seconds of RUNS as one line of JSON.
"""
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit
from skmultilearn.model_selection import IterativeStratification


def iterstrat(y, test):
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=test, train_size=1 - test, random_state=1)
    return next(splitter.split(y, y))


def multilearn(order):
    def split(y, test):
        stratifier = IterativeStratification(n_splits=2, order=order, sample_distribution_per_fold=[test, 1 - test])
        return next(stratifier.split(y, y))

    return split


RIVALS = {
    "iterative-stratification": ("iterative-stratification", iterstrat),
    "scikit-multilearn order 1": ("scikit-multilearn", multilearn(1)),
    "scikit-multilearn order 2": ("scikit-multilearn", multilearn(2)),
}


def in_two_steps(split, y):
    """The last fifth first, then a quarter of the rest; the part of each note."""
    parts = np.full(len(y), 2, np.uint8)
    rest, _ = split(y, 0.2)
    train, validation = split(y[rest], 0.25)
    parts[np.asarray(rest)[train]] = 0
    parts[np.asarray(rest)[validation]] = 1
    return parts


def main():
    folder, labels, notes, rival, runs = Path(sys.argv[1]), *map(int, sys.argv[2:4]), sys.argv[4], int(sys.argv[5])
    package, split = RIVALS[rival]
    y = np.fromfile(folder / "labels.u8", np.uint8, notes * labels).reshape(notes, labels).astype(int)
    times = []
    for _ in range(runs):
        begin, cpu = time.perf_counter(), time.process_time()
        parts = in_two_steps(split, y)
        times.append((time.perf_counter() - begin, time.process_time() - cpu))
    parts.tofile(folder / "parts.u8")
    seconds, cpu_seconds = (min(each) for each in zip(*times))
    print(json.dumps({"version": version(package), "seconds": seconds, "cpuSeconds": cpu_seconds}))


main()
