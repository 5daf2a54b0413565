"""Decoding, scoring, quantising: run with `python -m unittest test_decode`."""
import unittest

import numpy as np
import torch

from corpus import INDEX, LABELS, parse
from decode import decode, spans_of, unit_probabilities, units, windows
from modelio import dequantised, quantise
from score import score
from train import cut

DIS, ANA = INDEX["Disorders"], INDEX["Anatomy"]


class Decode(unittest.TestCase):
    def test_units(self):
        text = "PA 140x80, dor_em MSD."
        self.assertEqual([text[a:b] for a, b in units(text)], ["PA", "140x80", ",", "dor", "_", "em", "MSD", "."])

    def test_windows_cover_everything(self):
        for count in (1, 10, 510, 511, 900, 2000):
            spans = windows(count, 510, 128)
            self.assertEqual(sorted({i for a, b in spans for i in range(a, b)}), list(range(count)))
            self.assertTrue(all(b - a <= 510 for a, b in spans))

    def test_word_mean(self):
        spans, p = unit_probabilities("edema", [(0, 2), (2, 5)], np.full((2, 12), [[0.2], [0.6]]).astype(np.float32))
        self.assertEqual(spans, [(0, 5)])
        self.assertAlmostEqual(float(p[0, 0]), 0.4, places=5)

    def test_runs_join_over_white_space_only(self):
        text, on = "dor leve, tosse", np.zeros((4, 12), bool)
        on[[0, 1, 3], DIS] = True
        self.assertEqual(spans_of(text, [(0, 3), (4, 8), (8, 9), (10, 15)], on),
                         [(0, 8, "Disorders"), (10, 15, "Disorders")])

    def test_labels_overlap(self):
        logits = np.full((3, 12), -9.0)
        logits[:, DIS], logits[2, ANA] = 9, 9
        self.assertEqual(decode("edema em MMII", [(0, 5), (6, 8), (9, 13)], logits),
                         [(0, 13, "Disorders"), (9, 13, "Anatomy")])


class Score(unittest.TestCase):
    def test_characters(self):
        note = parse("⟦DIS edema em ⟦ANA MMII⟧⟧ hoje")
        counts = score([note], [[(0, 13, "Disorders")]])
        self.assertEqual((counts.tp.sum(), counts.fp.sum(), counts.fn.sum()), (13, 0, 4))
        self.assertAlmostEqual(counts.micro[2], 26 / 30)
        self.assertAlmostEqual(counts.macro, 0.5)


class Weights(unittest.TestCase):
    def test_int8_rows(self):
        weight = torch.randn(5, 64) * torch.tensor([[1.0], [10], [0.1], [3], [0]])
        q, scale = quantise(weight)
        back = dequantised({"x.weight": q, "x.weight_scale": scale})["x.weight"]
        self.assertEqual((q.dtype, tuple(scale.shape)), (torch.int8, (5, 1)))
        self.assertTrue(bool(((back - weight).abs() <= scale / 2 + 1e-7).all()))


class Windows(unittest.TestCase):
    def test_cut_keeps_every_token(self):
        import random
        ids = list(range(900))
        pieces = cut((ids, np.zeros((900, len(LABELS))), np.ones(900)), 256, random.Random(1))
        self.assertEqual([i for p in pieces for i in p[0]], ids)
        self.assertTrue(all(len(p[0]) <= 254 for p in pieces))


if __name__ == "__main__":
    unittest.main()
