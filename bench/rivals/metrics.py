"""The rival of bench/scienceMetrics.ts: the study's threshold search and curves by scikit-learn.

    metrics.py FOLDER LABELS THRESHOLD_TOKENS CURVE_LABELS RUNS

The fastest of RUNS counts for the curves. FOLDER holds scores.f32 and truth.u8, row-major [tokens, labels]. Prints seconds and figures as one line of JSON.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve, roc_auc_score, roc_curve

THRESHOLDS = [np.float64(k / 100) for k in range(1, 100)]


def search(truth, scores):
    """99 calls for the shared threshold alone; the search of one a label would come on top."""
    best, threshold = 0.0, 0.5
    for t in THRESHOLDS:
        macro = f1_score(truth, scores > t, average="macro", zero_division=0)
        if macro > best:
            best, threshold = macro, t
    return [float(threshold), float(best)]


def curves(truth, scores):
    """Both curves with all their points; the areas under them are checked, not timed."""
    precision, _, _ = precision_recall_curve(truth, scores)
    fpr, _, _ = roc_curve(truth, scores)
    return len(precision) - 1 + len(fpr)


def timed(work, runs):
    """The least wall and CPU seconds of some runs, and the last one's result."""
    times, result = [], None
    for _ in range(runs):
        begin, cpu = time.perf_counter(), time.process_time()
        result = work()
        times.append((time.perf_counter() - begin, time.process_time() - cpu))
    return [min(each) for each in zip(*times)], result


def main():
    folder, labels = Path(sys.argv[1]), int(sys.argv[2])
    threshold_tokens, curve_labels, runs = (int(given) for given in sys.argv[3:])
    scores = np.fromfile(folder / "scores.f32", np.float32).reshape(-1, labels)
    truth = np.fromfile(folder / "truth.u8", np.uint8).reshape(-1, labels)

    threshold_times, threshold = timed(lambda: search(truth[:threshold_tokens], scores[:threshold_tokens]), 1)
    curve_times, points = timed(
        lambda: [curves(truth[:, label], scores[:, label]) for label in range(curve_labels)], runs
    )
    figures = []
    for label in range(curve_labels):
        gold, given = truth[:, label], scores[:, label]
        figures += [float(average_precision_score(gold, given)), float(roc_auc_score(gold, given)), points[label]]

    print(json.dumps({
        "version": sklearn.__version__,
        "thresholdSeconds": threshold_times[0], "thresholdCpuSeconds": threshold_times[1], "threshold": threshold,
        "curveSeconds": curve_times[0], "curveCpuSeconds": curve_times[1], "curves": figures,
    }))


if __name__ == "__main__":
    main()
