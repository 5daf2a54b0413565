"""Writes random multilabel cases and what scikit-learn, numpy and scipy make of them.

    python3 test/oracles/make_metrics.py

Made with scikit-learn 1.9.1, numpy 2.4.6 and scipy 1.17.1. Scores have ties on purpose (some cases round them, one
puts them on the thresholds themselves), labels may be empty or full, and one case holds logits of padded notes.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve
from sklearn.metrics import precision_recall_fscore_support, precision_score, recall_score
from sklearn.metrics import roc_auc_score, roc_curve

OUT = Path(__file__).parent / "metrics.json"
# Double precision, so that single-precision scores are compared as they are and not with rounded thresholds.
THRESHOLDS = [np.float64(k / 100) for k in range(1, 100)]
warnings.filterwarnings("ignore")


def study_threshold(truth, scores):
    """The study's search as its protocol describes it: start from t = 0.5 and 0, keep what exceeds the best macro F1."""
    best, threshold = 0.0, 0.5
    for t in THRESHOLDS:
        macro = f1_score(truth, scores > t, average="macro", zero_division=0)
        if macro > best:
            best, threshold = macro, t
    return threshold, best


def study_metrics(truth, scores):
    threshold, _ = study_threshold(truth, scores)
    predicted = scores > threshold
    figures = {"threshold": float(threshold)}
    for average in ("micro", "macro"):
        figures[average] = {
            "precision": precision_score(truth, predicted, average=average, zero_division=0),
            "recall": recall_score(truth, predicted, average=average, zero_division=0),
            "f1": f1_score(truth, predicted, average=average, zero_division=0),
            "rocAuc": nullable(roc_auc_score(truth, scores, average=average)),
        }
    return figures


def label_thresholds(truth, scores):
    found = []
    for label in range(truth.shape[1]):
        best, threshold = 0.0, 0.5
        for t in THRESHOLDS:
            value = f1_score(truth[:, label], scores[:, label] > t, zero_division=0)
            if value > best:
                best, threshold = value, t
        found.append(float(threshold))
    return found


def nullable(value):
    return None if np.isnan(value) else float(value)


def numbers(values):
    return [None if not np.isfinite(value) else float(value) for value in values]


def curves(truth, scores):
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    fpr, tpr, cuts = roc_curve(truth, scores)
    return {
        "precision": numbers(precision), "recall": numbers(recall), "thresholds": numbers(thresholds),
        "falsePositiveRate": numbers(fpr), "truePositiveRate": numbers(tpr), "rocThresholds": numbers(cuts),
    }


def calibration_error(truth, scores, bins=15):
    """Guo et al. 2017: bins ((m - 1)/M, m/M], with 0 in the first."""
    scores = scores.astype(np.float64)
    edges = np.array([k / bins for k in range(1, bins)])
    which = np.searchsorted(edges, scores, side="left")
    total = 0.0
    for bin in range(bins):
        inside = which == bin
        if inside.any():
            total += inside.mean() * abs(truth[inside].mean() - scores[inside].mean())
    return float(total)


def case(name, truth, scores):
    columns = range(truth.shape[1])
    rates = precision_recall_fscore_support(truth, scores > 0.5, zero_division=0)
    aucs = [nullable(roc_auc_score(truth[:, i], scores[:, i])) for i in columns]
    return {
        "name": name, "labels": truth.shape[1], "truth": truth.flatten().tolist(), "scores": scores.flatten().tolist(),
        "single": scores.dtype == np.float32,
        "atHalf": {key: numbers(value) for key, value in zip(("precision", "recall", "f1", "support"), rates)},
        "study": study_metrics(truth, scores), "labelThresholds": label_thresholds(truth, scores),
        "rocAuc": {"perLabel": aucs, "micro": nullable(roc_auc_score(truth.ravel(), scores.ravel()))},
        "averagePrecision": {
            "perLabel": [float(average_precision_score(truth[:, i], scores[:, i])) for i in columns],
            "micro": float(average_precision_score(truth, scores, average="micro")),
            "macro": float(average_precision_score(truth, scores, average="macro")),
        },
        "calibrationError": {
            "perLabel": [calibration_error(truth[:, i], scores[:, i]) for i in columns],
            "micro": calibration_error(truth.ravel(), scores.ravel()),
        },
        "curves": [curves(truth[:, i], scores[:, i]) for i in columns],
    }


def random_case(generator, name, rows, labels, decimals, dtype, empty=(), full=()):
    frequency = generator.uniform(0.02, 0.5, labels)
    truth = (generator.random((rows, labels)) < frequency).astype(int)
    truth[:, list(empty)] = 0
    truth[:, list(full)] = 1
    scores = 1 / (1 + np.exp(-(3 * truth - 1.5 + 1.5 * generator.standard_normal((rows, labels)))))
    if decimals is not None:
        scores = np.round(scores, decimals)
    return case(name, truth, scores.astype(dtype))


def padded_case(generator):
    """Logits of notes padded to one length: special tokens and padding are all-zero rows, and are scored."""
    rows, labels, length = 3, 4, 24
    truth = np.zeros((rows, length, labels), int)
    logits = generator.normal(-4, 1, (rows, length, labels))
    for row, tokens in enumerate((20, 11, 5)):
        truth[row, 1 : tokens + 1] = generator.random((tokens, labels)) < 0.3
        logits[row, 1 : tokens + 1] = 3 * truth[row, 1 : tokens + 1] - 1.5 + generator.standard_normal((tokens, labels))
    scores = 1 / (1 + np.exp(-logits.reshape(-1, labels)))
    return {**case("logits of padded notes", truth.reshape(-1, labels), scores), "logits": logits.flatten().tolist()}


def student():
    points = [(0.0, 3), (0.5, 1), (1.3, 2), (-2.7, 9), (4.6, 4), (12.0, 9), (0.01, 30), (2.2, 100), (-40.0, 5)]
    return [{"t": t, "degrees": degrees, "twoSided": float(2 * stats.t.sf(abs(t), degrees))} for t, degrees in points]


def main():
    generator = np.random.default_rng(20)
    cases = [
        random_case(generator, "single precision", 90, 3, None, np.float32),
        random_case(generator, "double precision", 60, 4, None, np.float64),
        random_case(generator, "many ties", 80, 4, 1, np.float64),
        random_case(generator, "scores on the thresholds", 120, 3, 2, np.float64),
        random_case(generator, "ties in single precision", 100, 3, 1, np.float32),
        random_case(generator, "an empty and a full label", 50, 5, 2, np.float64, empty=(1,), full=(3,)),
        random_case(generator, "nothing but empty labels", 12, 2, 1, np.float64, empty=(0, 1)),
        random_case(generator, "one unit", 1, 3, None, np.float64),
        padded_case(generator),
    ]
    OUT.write_text(json.dumps({"cases": cases, "student": student()}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
