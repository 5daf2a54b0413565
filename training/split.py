"""Write corpus/split.json: which note belongs to which part, by the first digits of the SHA-256 of its text.

    python split.py
    python split.py --train-only FILE...    # files of corpus/notes that a first stage of training has already seen, maybe
                                            # in an earlier wording: all their notes go to the training part
"""
import argparse
import json
import os

from corpus import CORPUS, part_of, read_notes

if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--train-only", nargs="*", default=[], metavar="FILE")
    o = p.parse_args()
    parts = {"train": [], "validation": [], "test": []}
    for note in read_notes():
        part = "train" if note.source in o.train_only else part_of(note)
        parts[part].append(note.key)
    with open(os.path.join(CORPUS, "split.json"), "w", encoding="utf-8") as file:
        json.dump({name: sorted(keys) for name, keys in parts.items()}, file, indent=0)
        file.write("\n")
    print({name: len(keys) for name, keys in parts.items()})
