"""Platt scaling and thresholds, fitted on the validation part."""
import numpy as np
import torch

from corpus import LABELS
from decode import sigmoid, token_units, unit_probabilities
from score import mask


def token_targets(note, edges):
    """[tokens, labels]: whether a token overlaps a span of the label."""
    marks = mask(len(note.text), note.spans)
    return np.array([marks[a:b].any(0) for a, b in edges])


def platt(logits, targets, strength=3.0):
    """a and b of p = sigmoid(a * logit + b) for one label, drawn towards 1 and 0 where evidence is thin."""
    x, y = torch.tensor(logits, dtype=torch.float64), torch.tensor(targets, dtype=torch.float64)
    theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)  # log a, b
    optimizer = torch.optim.LBFGS([theta], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(theta[0].exp() * x + theta[1], y, reduction="sum")
        loss = loss + strength * (theta ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    log_a, b = theta.detach().tolist()
    return float(np.exp(log_a)), b


def fit_platt(notes, runs):
    """Per label a and b; `runs` holds (edges, logits) of each note."""
    logits, targets = [], []
    for note, (edges, values) in zip(notes, runs):
        keep = [i for i, (s, e) in enumerate(edges) if e > s]
        logits.append(values[keep])
        targets.append(token_targets(note, [edges[i] for i in keep]))
    x, y = np.concatenate(logits), np.concatenate(targets)
    fitted = [platt(x[:, k], y[:, k]) for k in range(len(LABELS))]
    return [a for a, _b in fitted], [b for _a, b in fitted]


GRID = np.round(np.arange(0.10, 0.81, 0.01), 2)


def curves(notes, runs, a, b, smoothing):
    """Character-level tp, fp, fn for each label and threshold: [3, thresholds, labels].

    White space between units is left out here; joining adds it in the same measure at every threshold.
    """
    out = np.zeros((3, len(GRID), len(LABELS)))
    for note, (edges, logits) in zip(notes, runs):
        p = sigmoid(np.asarray(a) * logits + np.asarray(b))
        spans, q = (unit_probabilities if smoothing == "word" else token_units)(note.text, edges, p)
        gold = mask(len(note.text), note.spans)
        hit = np.array([gold[s:e].sum(0) for s, e in spans]).reshape(-1, len(LABELS))
        size = np.array([[e - s] for s, e in spans]).reshape(-1, 1)
        for t, threshold in enumerate(GRID):
            on = q >= threshold
            out[0, t] += (hit * on).sum(0)
            out[1, t] += ((size - hit) * on).sum(0)
            out[2, t] += (hit * ~on).sum(0)
    return out


def f1(tp, fp, fn):
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)


def fit_thresholds(notes, runs, a, b, smoothing="word", reach=0.15, width=9, prior=800):
    """(one threshold for all, one for each label).

    The latter lie near the former: the F1 curve of a label is averaged over neighbouring thresholds, and pulled to the
    common one the more, the fewer characters of the label there are.
    """
    c = curves(notes, runs, a, b, smoothing)
    pooled = f1(*c.sum(2))
    common = float(GRID[np.convolve(pooled, np.ones(width) / width, "same").argmax()])
    each = []
    for k in range(len(LABELS)):
        y = f1(*c[:, :, k])
        y = np.convolve(np.pad(y, width // 2, mode="edge"), np.ones(width) / width, "valid")
        near = np.abs(GRID - common) <= reach + 1e-9
        best = float(GRID[near][y[near].argmax()])
        characters = c[0, 0, k] + c[2, 0, k]
        share = characters / (characters + prior)
        each.append(round(float(share * best + (1 - share) * common), 3))
    return common, each
