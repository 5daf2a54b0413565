"""Character-level multilabel scores: one unit is one character of the text under one label.

All characters between the start and the end of a span count, white space inside it included.
"""
import numpy as np

from corpus import INDEX, LABELS


def mask(length, spans, index=INDEX):
    """[length, labels] booleans."""
    out = np.zeros((length, len(index)), bool)
    for start, end, label in spans:
        if label in index:
            out[start:end, index[label]] = True
    return out


class Counts:
    """True positives, false positives and false negatives for each label."""

    def __init__(self, labels=LABELS):
        self.labels = list(labels)
        self.tp, self.fp, self.fn = (np.zeros(len(self.labels)) for _ in range(3))

    def add(self, gold, found):
        """Two boolean masks."""
        self.tp += (gold & found).sum(0)
        self.fp += (~gold & found).sum(0)
        self.fn += (gold & ~found).sum(0)

    @staticmethod
    def prf(tp, fp, fn):
        p, r = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
        return p, r, 2 * p * r / max(p + r, 1e-9)

    @property
    def micro(self):
        return self.prf(self.tp.sum(), self.fp.sum(), self.fn.sum())

    def of(self, k):
        return self.prf(self.tp[k], self.fp[k], self.fn[k])

    @property
    def macro(self):
        """Mean F1 of the labels that occur in the gold."""
        present = [k for k in range(len(self.labels)) if self.tp[k] + self.fn[k] > 0]
        return sum(self.of(k)[2] for k in present) / max(1, len(present))

    def table(self):
        rows = [f"{'':24}     P     R    F1   characters"]
        for k, label in enumerate(self.labels):
            rows.append(f"{label:24} " + " ".join(f"{v:.3f}" for v in self.of(k)) + f" {self.tp[k] + self.fn[k]:9.0f}")
        rows.append(f"{'micro':24} " + " ".join(f"{v:.3f}" for v in self.micro))
        rows.append(f"{'macro F1':24} {self.macro:.3f}")
        return "\n".join(rows)


def score(notes, found, labels=LABELS):
    """Counts over notes and the lists of spans found in them."""
    index = {label: i for i, label in enumerate(labels)}
    counts = Counts(labels)
    for note, spans in zip(notes, found):
        counts.add(mask(len(note.text), note.spans, index), mask(len(note.text), spans, index))
    return counts
