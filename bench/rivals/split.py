"""Seconds that the Python packages need for splits like those of bench/scienceSplit.ts, at three sizes each.

    pip install scikit-multilearn==0.2.0 iterative-stratification==0.1.9 scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
    python bench/rivals/split.py [largest size for scikit-multilearn, default 20000]

scikit-multilearn grows faster than linearly, so its sizes are smaller; 60/20/20 in two steps, as the study splits.
"""
import sys
import time

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit
from skmultilearn.model_selection import IterativeStratification

LABELS = 100
LARGEST = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000


def labels_of_notes(notes):
    shares = 0.4 / (1 + 0.25 * np.arange(LABELS))
    return (np.random.default_rng(1).random((notes, LABELS)) < shares).astype(int)


def in_two_steps(split):
    def run(y):
        rest, _ = split(y, 0.2)
        split(y[rest], 0.25)

    return run


def iterstrat(y, test):
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=test, train_size=1 - test, random_state=1)
    return next(splitter.split(y, y))


def multilearn(order):
    def split(y, test):
        stratifier = IterativeStratification(n_splits=2, order=order, sample_distribution_per_fold=[test, 1 - test])
        return next(stratifier.split(y, y))

    return split


RIVALS = {
    "iterative-stratification": (iterstrat, [25_000, 50_000, 100_000]),
    "scikit-multilearn order 1": (multilearn(1), [LARGEST // 4, LARGEST // 2, LARGEST]),
    "scikit-multilearn order 2": (multilearn(2), [LARGEST // 4, LARGEST // 2, LARGEST]),
}

for name, (rival, sizes) in RIVALS.items():
    for size in sizes:
        y = labels_of_notes(size)
        start = time.perf_counter()
        in_two_steps(rival)(y)
        print(f"{name:28}{size:>10}{time.perf_counter() - start:>10.2f} s", flush=True)
