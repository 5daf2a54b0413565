"""Writes calibration.json: Platt pairs and thresholds as PyTorch and NumPy find them, on invented logits.

    pip install torch numpy
    python make_calibration.py
"""
import json
import os
import re

import numpy as np
import torch

GRID = np.round(np.arange(0.10, 0.81, 0.01), 2)
WORD = re.compile(r"[^\W_]+|[^\s]")


def platt(logits, targets, strength=3.0):
    """a and b of p = sigmoid(a * logit + b) by L-BFGS on (log a, b), drawn towards 1 and 0."""
    x, y = torch.tensor(logits, dtype=torch.float64), torch.tensor(targets, dtype=torch.float64)
    theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([theta], max_iter=1000, tolerance_grad=1e-12, tolerance_change=1e-15,
                                  line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(theta[0].exp() * x + theta[1], y, reduction="sum")
        loss = loss + strength * (theta ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    log_a, b = theta.detach().tolist()
    return float(np.exp(log_a)), b


def word_probabilities(text, edges, probabilities):
    """Mean probability of the tokens that touch each word."""
    spans = [m.span() for m in WORD.finditer(text)]
    rows = [[i for i, (a, b) in enumerate(edges) if a < end and b > start] for start, end in spans]
    return spans, np.array([probabilities[r].mean(0) for r in rows])


def curves(notes, a, b):
    """Character counts [3, thresholds, labels]: true positives, false positives, false negatives."""
    out = np.zeros((3, len(GRID), len(a)))
    for note in notes:
        p = 1 / (1 + np.exp(-(np.asarray(a) * np.asarray(note["logits"]) + np.asarray(b))))
        spans, q = word_probabilities(note["text"], note["edges"], p)
        gold = np.zeros((len(note["text"]), len(a)), bool)
        for start, end, label in note["entities"]:
            gold[start:end, label] = True
        hit = np.array([gold[s:e].sum(0) for s, e in spans])
        size = np.array([[e - s] for s, e in spans])
        for t, threshold in enumerate(GRID):
            on = q >= threshold
            out[:, t] += [(hit * on).sum(0), ((size - hit) * on).sum(0), (hit * ~on).sum(0)]
    return out


def f1(tp, fp, fn):
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)


def fit_thresholds(notes, a, b, reach=0.15, width=9, prior=800):
    """One threshold for all labels, and one each: near it, and the nearer, the fewer characters there are."""
    c = curves(notes, a, b)
    mean = np.ones(width) / width
    common = float(GRID[np.convolve(f1(*c.sum(2)), mean, "same").argmax()])
    each = []
    for k in range(len(a)):
        y = np.convolve(np.pad(f1(*c[:, :, k]), width // 2, mode="edge"), mean, "valid")
        near = np.abs(GRID - common) <= reach + 1e-9
        best = float(GRID[near][y[near].argmax()])
        characters = c[0, 0, k] + c[2, 0, k]
        share = characters / (characters + prior)
        each.append(round(float(share * best + (1 - share) * common), 3))
    return common, each


def invented_note(rng):
    """Words of one to three pieces; a few are marked; logits lean towards what is marked."""
    text, edges, entities, truth = "", [], [], []
    for _ in range(rng.integers(5, 60)):
        start, marks = len(text), rng.random(3) < (0.4, 0.15, 0.03)
        for _ in range(rng.integers(1, 4)):
            piece = "".join(rng.choice(list("aeiorstlmn"), rng.integers(1, 5)))
            edges.append((len(text), len(text) + len(piece)))
            truth.append(marks)
            text += piece
        entities += [(start, len(text), label) for label in range(3) if marks[label]]
        text += rng.choice([" ", "\n", ", "])
        if text.endswith(", "):
            edges.append((len(text) - 2, len(text) - 1))
            truth.append(np.zeros(3, bool))
    logits = rng.normal(np.where(np.array(truth), 1.2, -1.8), 1.6).round(3)
    return {"text": text, "edges": edges, "entities": entities, "logits": logits.tolist(),
            "truth": np.array(truth).astype(int).tolist()}


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    notes = [invented_note(rng) for _ in range(12)]
    x, y = np.concatenate([n["logits"] for n in notes]), np.concatenate([n["truth"] for n in notes])
    pairs = [platt(x[:, k], y[:, k]) for k in range(3)]
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    common, each = fit_thresholds(notes, a, b)
    odd = [{"logits": [4.0, 5.0, -3.0], "truth": [1, 1, 0]}, {"logits": [1.0, 2.0], "truth": [0, 0]},
           {"logits": [-2.0, 2.0] * 40, "truth": [1, 0] * 40}]
    for one in odd:
        one["a"], one["b"] = platt(one["logits"], one["truth"])
    oracle = {"notes": notes, "a": a, "b": b, "common": common, "perLabel": each, "odd": odd}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "calibration.json")
    with open(path, "w", encoding="utf8") as file:
        json.dump(oracle, file, default=plain)
        file.write("\n")
