"""Character-level multilabel scores of a trained folder.

    python evaluate.py MODEL                                   # the validation part of the project's notes
    python evaluate.py MODEL --part test
    python evaluate.py MODEL --groups TEXTS_FOLDER FILE.jsonl  # notes marked with the twelve groups
    python evaluate.py MODEL --brat FOLDER                     # Problema, Tratamento, Teste, Anatomia in BRAT files

One unit is one character of the text under one label; all characters from the start to the end of a span count, white
space inside included. Spans come from the thresholds, calibration and smoothing in the folder's anamnese.json.
"""
import argparse
from collections import Counter

import numpy as np
import torch

from augment import plain
from corpus import INDEX, LABELS, read_brat, read_grouped, read_parts
from decode import decode, note_logits
from modelio import load
from score import Counts, mask, score

FOUR = {"Problema": ["Disorders"], "Tratamento": ["Chemicals & Drugs", "Devices", "Procedures"],
        "Teste": ["Procedures", "Phenomena", "Physiology"], "Anatomia": ["Anatomy"]}


def run(model, tokenizer, notes):
    """(edges, logits) of each note."""
    return [note_logits(model, tokenizer, note.text) for note in notes]


def found_spans(notes, runs, settings):
    """The spans that a folder's settings make of the logits."""
    thresholds = [settings["thresholds"][label] for label in LABELS] if settings else 0.5
    calibration = settings.get("calibration", {"a": 1.0, "b": 0.0})
    smoothing = settings.get("smoothing", {}).get("method", "word")
    return [decode(n.text, e, x, thresholds, smoothing, calibration["a"], calibration["b"])
            for n, (e, x) in zip(notes, runs)]


def four_scores(notes, found):
    """Scores under the four labels of the BRAT files; each stands for a union of our groups."""
    counts, index = Counts(FOUR), {name: i for i, name in enumerate(FOUR)}
    for note, spans in zip(notes, found):
        ours = mask(len(note.text), spans)
        union = np.stack([ours[:, [INDEX[g] for g in groups]].any(1) for groups in FOUR.values()], 1)
        counts.add(mask(len(note.text), note.spans, index), union)
    return counts


def errors(notes, found, most=12):
    """The commonest gold spans without any character found, and found ones without any in the gold."""
    missed, spurious = {k: Counter() for k in LABELS}, {k: Counter() for k in LABELS}
    for note, spans in zip(notes, found):
        gold, ours = mask(len(note.text), note.spans), mask(len(note.text), spans)
        for a, b, label in note.spans:
            if not ours[a:b, INDEX[label]].any():
                missed[label][plain(note.text[a:b])] += 1
        for a, b, label in spans:
            if not gold[a:b, INDEX[label]].any():
                spurious[label][plain(note.text[a:b])] += 1
    for label in LABELS:
        print(f"\n{label}")
        for name, counter in (("missed", missed[label]), ("spurious", spurious[label])):
            print(f"  {name} {sum(counter.values())}: "
                  + ", ".join(f"{w} {n}" if n > 1 else w for w, n in counter.most_common(most)))


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("model")
    p.add_argument("--part", default="validation", choices=["train", "validation", "test"])
    p.add_argument("--groups", nargs=2, metavar=("TEXTS", "JSONL"))
    p.add_argument("--brat", metavar="FOLDER")
    p.add_argument("--errors", action="store_true", help="list the commonest misses and spurious spans")
    p.add_argument("--threads", type=int, default=2)
    o = p.parse_args()
    torch.set_num_threads(o.threads)
    model, tokenizer, settings = load(o.model)
    if o.brat:
        notes = read_brat(o.brat)
    else:
        notes = read_grouped(*o.groups) if o.groups else read_parts()[o.part]
    found = found_spans(notes, run(model, tokenizer, notes), settings)
    print(f"{len(notes)} notes")
    print((four_scores if o.brat else score)(notes, found).table())
    if o.errors and not o.brat:
        errors(notes, found)
