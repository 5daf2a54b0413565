"""Reading the project's notes: the inline markup, the labels, the parts of the corpus."""
import glob
import hashlib
import json
import os
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "corpus")

TAGS = {
    "PRO": "Procedures", "DIS": "Disorders", "CON": "Concepts & Ideas", "LIV": "Living Beings", "ANA": "Anatomy",
    "CHE": "Chemicals & Drugs", "PHY": "Physiology", "PHE": "Phenomena", "DEV": "Devices", "ORG": "Organizations",
    "OBJ": "Objects", "ACT": "Activities & Behaviors",
}
LABELS = list(TAGS.values())
INDEX = {label: i for i, label in enumerate(LABELS)}


class Note(NamedTuple):
    """A text with its spans, (start, end, label) in code points; `source` is the file it came from."""
    text: str
    spans: list
    source: str = ""

    @property
    def key(self):
        """The first twelve digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def parse(marked, source=""):
    """`⟦TAG words⟧` marks, nested freely, to a Note. Raises ValueError on malformed marks."""
    text, open_marks, spans, i = [], [], [], 0
    while i < len(marked):
        char = marked[i]
        if char == "⟦":
            tag = marked[i + 1:i + 4]
            if tag not in TAGS or marked[i + 4:i + 5] != " ":
                raise ValueError(f"{source}: bad tag at {marked[i:i + 30]!r}")
            open_marks.append((tag, len(text)))
            i += 5
        elif char == "⟧":
            if not open_marks:
                raise ValueError(f"{source}: unopened mark before {marked[max(0, i - 30):i + 1]!r}")
            tag, start = open_marks.pop()
            if len(text) > start:
                spans.append((start, len(text), TAGS[tag]))
            i += 1
        else:
            text.append(char)
            i += 1
    if open_marks:
        raise ValueError(f"{source}: unclosed marks {open_marks}")
    return Note("".join(text), sorted(set(spans)), source)


def split_notes(content):
    """The marked notes of a file, without the separators; empty ones left out."""
    notes, current = [], []
    for line in content.replace("\r\n", "\n").split("\n") + ["==="]:
        if line.strip() == "===":
            note = "\n".join(current).strip("\n")
            if note.strip():
                notes.append(note)
            current = []
        else:
            current.append(line)
    return notes


def read_text(path):
    """A UTF-8 file as it is, line ends included."""
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def read_notes(folder=None, strict=False):
    """All notes of corpus/notes; those whose marks are malformed are reported and left out unless `strict`."""
    notes, seen = [], set()
    for path in sorted(glob.glob(os.path.join(folder or os.path.join(CORPUS, "notes"), "*.txt"))):
        name = os.path.basename(path)
        for number, marked in enumerate(split_notes(read_text(path)), 1):
            try:
                note = parse(marked, name)
            except ValueError as error:
                if strict:
                    raise
                print(f"skipped {name} #{number}: {error}")
                continue
            if note.text not in seen:
                seen.add(note.text)
                notes.append(note)
    return notes


def part_of(note):
    """The part that the hash of a note's text gives it: 8 % validation, 8 % test, the rest train."""
    bucket = int(note.key[:8], 16) % 100
    return "validation" if bucket < 8 else "test" if bucket < 16 else "train"


def read_parts(folder=None):
    """{"train": [...], "validation": [...], "test": [...]}

    Once corpus/split.json stands, it decides, and notes it does not know (new or mended ones) are for training.
    """
    known, frozen = {}, os.path.join(CORPUS, "split.json")
    if os.path.exists(frozen):
        known = {key: part for part, keys in json.loads(read_text(frozen)).items() for key in keys}
    parts = {"train": [], "validation": [], "test": []}
    for note in read_notes(folder):
        parts[known.get(note.key, "train") if known else part_of(note)].append(note)
    return parts


def read_grouped(texts_folder, jsonl):
    """Notes from a folder of .txt and a .jsonl of {"file", "sha256", "entities"} lines."""
    notes = []
    for line in read_text(jsonl).splitlines():
        row = json.loads(line)
        text = read_text(os.path.join(texts_folder, row["file"]))
        if row.get("sha256"):
            assert hashlib.sha256(text.encode()).hexdigest() == row["sha256"], row["file"]
        spans = [(e["start"], e["end"], e["label"]) for e in row["entities"]]
        notes.append(Note(text, spans, row["file"]))
    return notes


def read_brat(folder):
    """Notes from .txt + .ann pairs; a discontinuous span becomes one span for each fragment."""
    notes = []
    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        text, spans = read_text(path), []
        for line in read_text(path[:-3] + "ann").splitlines():
            if line.startswith("T"):
                label, _, where = line.split("\t")[1].partition(" ")
                for fragment in where.split(";"):
                    start, end = map(int, fragment.split())
                    spans.append((start, end, label))
        notes.append(Note(text, spans, os.path.basename(path)))
    return notes
