"""Every augmentation keeps the annotations: run with `python -m unittest test_augment`."""
import random
import re
import unittest

import augment
from augment import Note
from corpus import parse, read_notes
from generate import Generator, marked

NOTE = parse("Às 10:30h: ⟦LIV Enf Maria⟧, ⟦DIS edema em ⟦ANA MMII⟧⟧, ⟦PRO ⟦DEV AVP⟧⟧ em ⟦ANA MSD⟧, em uso de "
             "⟦CHE losartana 50mg⟧ ⟦CON 12/12h⟧.\n⟦DIS Afebril⟧, ⟦PHE PA 120/80⟧. ⟦DIS hipertensão arterial sistêmica⟧.")


def words(note, label):
    return [note.text[a:b] for a, b, name in note.spans if name == label]


class Rewrite(unittest.TestCase):
    def test_inside_before_and_after(self):
        at = NOTE.text.index("MMII")
        out = augment.rewrite(NOTE, [(0, 2, "Pelas"), (at, at + 4, "membros inferiores")])
        self.assertIn("edema em membros inferiores", words(out, "Disorders"))
        self.assertEqual(words(out, "Anatomy"), ["membros inferiores", "MSD"])
        self.assertEqual(words(out, "Phenomena"), ["PA 120/80"])

    def test_insertions_at_edges_stay_outside(self):
        note = Note("a bc d", [(2, 4, "Anatomy")])
        out = augment.rewrite(note, [(2, 2, "xx"), (4, 4, "yy")])
        self.assertEqual((out.text, words(out, "Anatomy")), ("a xxbcyy d", ["bc"]))

    def test_edits_across_edges_are_skipped(self):
        note = Note("ab cd", [(0, 2, "Anatomy")])
        self.assertEqual(augment.rewrite(note, [(1, 4, "zz")]), note)

    def test_covering_edit(self):
        note = Note("x ab cd y", [(2, 4, "Anatomy"), (2, 7, "Disorders")])
        out = augment.rewrite(note, [(2, 7, "q")])
        self.assertEqual(set(out.spans), {(2, 3, "Anatomy"), (2, 3, "Disorders")})


class Single(unittest.TestCase):
    def test_case_and_accents_keep_places(self):
        for change in (augment.upper, augment.lower, augment.no_accents, augment.sentence_case):
            out = change(NOTE)
            self.assertEqual((len(out.text), out.spans), (len(NOTE.text), NOTE.spans))
        self.assertIn("HIPERTENSAO", augment.no_accents(augment.upper(NOTE)).text)

    def test_values_keep_words(self):
        for seed in range(20):
            out = augment.values(NOTE, random.Random(seed), 1)
            self.assertRegex(words(out, "Phenomena")[0], r"^PA \d+/\d+$")
            self.assertRegex(words(out, "Chemicals & Drugs")[0], r"^losartana \d+mg$")

    def test_drugs_names_sides_abbreviations(self):
        rng = random.Random(1)
        out = augment.drugs(NOTE, rng, ["losartana", "Atenolol"], 1)
        self.assertRegex(words(out, "Chemicals & Drugs")[0], "(losartana|Atenolol) 50mg")
        self.assertEqual(words(augment.names(NOTE, rng, ["Maria", "Rute"], 1), "Living Beings")[0][:4], "Enf ")
        self.assertEqual(words(augment.sides(NOTE), "Anatomy"), ["MMII", "MSE"])
        short = augment.abbreviations(NOTE, rng, [("HAS", "hipertensão arterial sistêmica")], 1)
        self.assertIn("HAS", words(short, "Disorders"))

    def test_mentions(self):
        out = augment.mentions(NOTE, random.Random(2), {("Devices", "Procedures"): ["SNE"], ("Disorders",): ["tosse"]}, 1)
        self.assertEqual(words(out, "Devices"), ["SNE"])
        self.assertEqual(words(out, "Procedures"), ["SNE"])
        self.assertEqual(words(out, "Disorders"), ["edema em MMII", "Tosse", "tosse"])

    def test_title_join_pieces(self):
        out = augment.closing_title(NOTE, random.Random(3), ["Cólera não especificada"])
        self.assertEqual(words(out, "Disorders")[-1], "COLERA NAO ESPECIFICADA")
        both = augment.join(NOTE, NOTE)
        self.assertEqual(len(both.spans), 2 * len(NOTE.spans))
        self.assertEqual(words(both, "Anatomy"), words(NOTE, "Anatomy") * 2)
        mixed = augment.shuffle_sentences(NOTE, random.Random(5))
        self.assertEqual(sorted(words(mixed, "Disorders")), sorted(words(NOTE, "Disorders")))


class Whole(unittest.TestCase):
    def test_same_seed_same_notes(self):
        notes = [NOTE, augment.lower(NOTE)]
        self.assertEqual(Generator(notes).epoch(4), Generator(notes).epoch(4))

    def test_layout_and_typing_lose_no_span(self):
        generator = Generator([NOTE])
        for seed in range(300):
            rng = random.Random(seed)
            out = generator.surface(NOTE, rng)
            self.assertEqual(len(out.spans), len(NOTE.spans))
            squeeze = lambda s: len(re.sub(r"\s", "", s))
            for (a, b, x), (c, d, y) in zip(sorted(NOTE.spans), out.spans):
                self.assertEqual(x, y)
                self.assertLessEqual(abs(squeeze(NOTE.text[a:b]) - squeeze(out.text[c:d])), 3)

    def test_corpus_epochs(self):
        notes = read_notes()[:150]
        generator = Generator(notes)
        for note in generator.epoch(1) + generator.epoch(2):
            augment.check(note)
            for a, b, _label in note.spans:
                self.assertTrue(note.text[a:b].strip())

    def test_marked_round_trip(self):
        self.assertEqual(parse(marked(NOTE)), NOTE)


if __name__ == "__main__":
    unittest.main()
