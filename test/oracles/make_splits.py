"""Write how well scikit-multilearn and iterative-stratification split fifty random multilabel corpora.

    pip install scikit-multilearn==0.2.0 iterative-stratification==0.1.9 scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
    python test/oracles/make_splits.py            # rewrites test/oracles/splits.json

A corpus is invented by `labels_of_notes` from the four numbers in the JSON (`randomCorpus.ts` does the same). Three
runs a rival, each [LD, ED, LDP]: LD and ED of Sechidis et al. (2011) and LDP of Szymanski & Kajdanowicz (2017), with
the conventions of src/core/split/measures.ts.
"""
import itertools
import json
import os

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold, MultilabelStratifiedShuffleSplit
from skmultilearn.model_selection import IterativeStratification, iterative_train_test_split

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS = (1, 2, 3)
RATIOS = {"60/20/20": [0.6, 0.2, 0.2], "5 folds": [0.2] * 5}


def mulberry32(seed):
    """Random numbers in [0, 1), the same in any language with 32-bit products."""
    mask = 0xFFFFFFFF
    while True:
        seed = (seed + 0x6D2B79F5) & mask
        t = ((seed ^ (seed >> 15)) * (seed | 1)) & mask
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & mask)) & mask
        yield ((t ^ (t >> 14)) & mask) / 4294967296


def labels_of_notes(seed, notes, labels, steepness):
    """[notes, labels] of 0 and 1: label l is in a share 0.7 / (1 + steepness l) of notes, more in notes of its kind."""
    rng = mulberry32(seed)
    y = np.zeros((notes, labels), dtype=int)
    for note in range(notes):
        kind = int(next(rng) * 3)
        for label in range(labels):
            share = 0.7 / (1 + steepness * label) * (1.5 if label % 3 == kind else 0.75)
            y[note, label] = next(rng) < share
    return y


def columns_of_pairs(y):
    pairs = [y[:, a] & y[:, b] for a, b in itertools.combinations(range(y.shape[1]), 2)]
    return np.array(pairs).T


def odds(having, notes):
    return having / np.maximum(1, notes - having)


def distribution(y, parts):
    totals = y.sum(axis=0)
    y = y[:, (totals > 0) & (totals < len(y))]
    whole = odds(y.sum(axis=0), len(y))
    return float(np.mean([np.abs(odds(y[part].sum(axis=0), len(part)) - whole) for part in parts]))


def measures(y, parts, shares):
    assert sorted(itertools.chain(*parts)) == list(range(len(y)))
    examples = np.mean([abs(len(part) - share * len(y)) for part, share in zip(parts, shares)])
    found = distribution(y, parts), float(examples), distribution(columns_of_pairs(y), parts)
    return [round(measure, 9) for measure in found]


def multilearn(order):
    def split(y, shares, seed):
        np.random.seed(seed)
        stratifier = IterativeStratification(n_splits=len(shares), order=order, sample_distribution_per_fold=shares)
        return [list(map(int, part)) for part in stratifier._iter_test_indices(y, y)]

    return split


def multilearn_two_steps(y, shares, seed):
    if len(shares) != 3:
        return None
    np.random.seed(seed)
    rows = np.arange(len(y))[:, None]
    rest, y_rest, test, _ = iterative_train_test_split(rows, y, test_size=0.2)
    train, _, validation, _ = iterative_train_test_split(rest, y_rest, test_size=0.25)
    return [part[:, 0].tolist() for part in (train, validation, test)]


def iterstrat(y, shares, seed):
    if len(shares) == 5:
        folds = MultilabelStratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
        return [part.tolist() for _, part in folds.split(y, y)]
    first = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=0.2, train_size=0.8, random_state=seed)
    rest, test = next(first.split(y, y))
    second = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=0.25, train_size=0.75, random_state=seed)
    train, validation = next(second.split(y[rest], y[rest]))
    return [rest[train].tolist(), rest[validation].tolist(), test.tolist()]


RIVALS = {
    "scikit-multilearn order 1": multilearn(1),
    "scikit-multilearn order 2": multilearn(2),
    "scikit-multilearn iterative_train_test_split": multilearn_two_steps,
    "iterative-stratification": iterstrat,
}


def runs(y, shares, rival):
    splits = [rival(y, shares, seed) for seed in SEEDS]
    return [measures(y, parts, shares) for parts in splits if parts]


def main():
    corpora = []
    for seed in range(1, 51):
        corpus = {"seed": seed, "notes": 60 + 11 * seed, "labels": 5 + seed * 7 % 20, "steepness": round(0.2 + seed % 7 * 0.4, 1)}
        y = labels_of_notes(**corpus)
        results = {}
        for name, shares in RATIOS.items():
            results[name] = {rival: runs(y, shares, split) for rival, split in RIVALS.items()}
        corpora.append({**corpus, "labelTotals": y.sum(axis=0).tolist(), "rivals": results})
    with open(os.path.join(HERE, "splits.json"), "w") as file:
        json.dump(corpora, file)
        file.write("\n")


main()
