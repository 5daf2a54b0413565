"""From token logits to spans: windows, word smoothing, thresholds, joining."""
import re

import numpy as np
import torch

from corpus import LABELS

UNIT = re.compile(r"[^\W_]+|[^\s]")


def token_edges(encoding, text):
    """The offsets of each token without the white space that Metaspace puts into them; empty for special ones."""
    edges = []
    for start, end in encoding.offsets:
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        edges.append((start, end))
    return edges


def windows(count, size, overlap):
    """(start, end) windows over `count` tokens."""
    if count <= size:
        return [(0, count)]
    step, out, start = size - overlap, [], 0
    while True:
        out.append((start, min(count, start + size)))
        if start + size >= count:
            return out
        start += step


@torch.no_grad()
def note_logits(model, tokenizer, text, size=512, overlap=128):
    """(edges, logits [tokens, labels]) of a text; in overlaps the window where a token stands more central counts."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids, edges = encoding.ids, token_edges(encoding, text)
    out, best = np.zeros((len(ids), len(LABELS)), np.float32), np.full(len(ids), -1)
    for start, end in windows(len(ids), size - 2, overlap):
        batch = torch.tensor([[0] + ids[start:end] + [2]])
        logits = model(input_ids=batch).logits[0, 1:-1].float().numpy()
        for i in range(start, end):
            depth = min(i - start if start else 10 ** 6, end - 1 - i if end < len(ids) else 10 ** 6)
            if depth > best[i]:
                best[i], out[i] = depth, logits[i - start]
    return edges, out


def units(text):
    """The words of a text: runs of letters and digits, any other visible character by itself."""
    return [m.span() for m in UNIT.finditer(text)]


def unit_probabilities(text, edges, probabilities):
    """Mean probability of the tokens that touch each unit: ([(start, end)], [units, labels])."""
    spans, at = units(text), 0
    out = np.zeros((len(spans), probabilities.shape[1]), np.float32)
    for u, (start, end) in enumerate(spans):
        while at < len(edges) and edges[at][1] <= start:
            at += 1
        rows, j = [], at
        while j < len(edges) and edges[j][0] < end:
            if edges[j][1] > max(start, edges[j][0]):
                rows.append(j)
            j += 1
        if rows:
            out[u] = probabilities[rows].mean(0)
    return spans, out


def token_units(text, edges, probabilities):
    """The same without smoothing: each token is its own unit."""
    keep = [i for i, (start, end) in enumerate(edges) if end > start]
    return [edges[i] for i in keep], probabilities[keep]


def spans_of(text, unit_spans, marked):
    """Runs of marked units, joined over white space, as (start, end, label)."""
    found = []
    for k, label in enumerate(LABELS):
        run = None
        for (start, end), on in zip(unit_spans, marked[:, k]):
            if not on:
                if run:
                    found.append((*run, label))
                run = None
            elif run and not text[run[1]:start].strip():
                run = (run[0], max(end, run[1]))
            else:
                if run:
                    found.append((*run, label))
                run = (start, end)
        if run:
            found.append((*run, label))
    return sorted(found)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def decode(text, edges, logits, thresholds=0.5, smoothing="word", a=1.0, b=0.0):
    """The spans of a text from its token logits."""
    probabilities = sigmoid(np.asarray(a) * logits + np.asarray(b))
    by_unit = unit_probabilities if smoothing == "word" else token_units
    unit_spans, p = by_unit(text, edges, probabilities)
    return spans_of(text, unit_spans, p >= np.asarray(thresholds))
