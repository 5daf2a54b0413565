"""The generator that multiplies the notes: each epoch every note appears in a freshly varied form.

    python generate.py 3        # print three varied notes with their marks, to look at
"""
import os
import random
import sys
from collections import defaultdict

import augment
from corpus import HERE, LABELS, TAGS, read_parts

LEXICON = os.path.join(HERE, "lexicon")
TAG_OF = {label: tag for tag, label in TAGS.items()}


def lines(name):
    with open(os.path.join(LEXICON, name), encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip()]


class Generator:
    """Holds the lexicon and a bank of mentions taken from the training notes themselves."""

    def __init__(self, notes):
        self.notes = notes
        self.drugs = " ".join(lines("drugs.txt")).split()
        self.names = " ".join(lines("names.txt")).split()
        self.pairs = [tuple(line.split("\t")) for line in lines("abbreviations.tsv")]
        self.titles = [line.split("\t")[1] for line in lines("cid10-titles.tsv")]
        self.bank = self.read_bank()

    def read_bank(self):
        """Mentions by the labels they carry: those of the notes, and for one label those of the lexicon too."""
        bank = defaultdict(list)
        for note in self.notes:
            labels = defaultdict(list)
            for a, b, label in note.spans:
                labels[a, b].append(label)
            for (a, b), names in labels.items():
                inner = any((c, d) != (a, b) and c < b and a < d for c, d in labels)
                if not inner and b - a < 60 and "\n" not in note.text[a:b]:
                    bank[tuple(sorted(names))].append(note.text[a:b])
        for line in lines("terms.tsv"):
            label, terms = line.split("\t")
            assert label in LABELS, label
            bank[label,] += terms.split("|")
        return bank

    def content(self, note, rng):
        """What is said: values, drugs, names, mentions, sides, abbreviations."""
        if rng.random() < 0.5:
            note = augment.values(note, rng)
        if rng.random() < 0.5:
            note = augment.drugs(note, rng, self.drugs)
        if rng.random() < 0.5:
            note = augment.names(note, rng, self.names)
        if rng.random() < 0.5:
            note = augment.mentions(note, rng, self.bank, rng.choice([0.05, 0.1, 0.2, 0.3]))
        if rng.random() < 0.2:
            note = augment.sides(note)
        if rng.random() < 0.4:
            note = augment.abbreviations(note, rng, self.pairs)
        return note

    def layout(self, note, rng):
        """How it is laid out: pieces, order, lines, closing title."""
        if rng.random() < 0.12:
            note = augment.drop_ends(note, rng)
        if rng.random() < 0.08:
            note = augment.shuffle_sentences(note, rng)
        if rng.random() < 0.06:
            note = augment.closing_title(note, rng, self.titles)
        if rng.random() < 0.25:
            note = augment.line_breaks(note, rng)
        if rng.random() < 0.06:
            note = augment.odd_breaks(note, rng)
        return note

    def surface(self, note, rng):
        """How it is typed: capitals, accents, slips, spaces."""
        kind = rng.random()
        if kind < 0.22:
            note = augment.upper(note)
        elif kind < 0.34:
            note = augment.lower(note)
        elif kind < 0.44:
            note = augment.sentence_case(note)
        if rng.random() < 0.35:
            note = augment.no_accents(note)
        if rng.random() < 0.4:
            note = augment.typos(note, rng, rng.choice([0.01, 0.02, 0.05]))
        if rng.random() < 0.4:
            note = augment.spacing(note, rng, rng.choice([0.02, 0.05, 0.12]))
        return note

    def vary(self, note, rng):
        """One varied form of a note."""
        return augment.check(self.surface(self.layout(self.content(note, rng), rng), rng))

    def epoch(self, seed, strength=1.0, joined=0.12):
        """Every note once, varied with the probability `strength`; some run on into a piece of another one."""
        rng = random.Random(seed)
        out = []
        for note in self.notes:
            if rng.random() < joined * strength:
                other = augment.drop_ends(rng.choice(self.notes), rng)
                note = augment.join(note, other, rng.choice(["\n", "\n\n", " ", "  "]))
            out.append(self.vary(note, rng) if rng.random() < strength else note)
        return out


def marked(note):
    """A note with its marks written in, inner spans inside outer ones."""
    opens, closes = defaultdict(list), defaultdict(int)
    for a, b, label in sorted(note.spans, key=lambda s: (s[0], -s[1])):
        opens[a].append(f"⟦{TAG_OF[label]} ")
        closes[b] += 1
    return "".join("⟧" * closes[i] + "".join(opens[i]) + char for i, char in enumerate(note.text + " ")).rstrip(" ")


if __name__ == "__main__":
    generator = Generator(read_parts()["train"])
    for note in generator.epoch(7)[:int(sys.argv[1]) if len(sys.argv) > 1 else 2]:
        print(marked(note), "\n===")
