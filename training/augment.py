"""Changes of a note that keep its annotations right by construction.

Everything rests on two primitives: `rewrite`, which applies replacements and moves the spans, and `map_chars`, which
replaces characters one for one. An augmentation takes a Note and a random.Random and gives a Note.
"""
import re
import unicodedata

from corpus import Note


def check(note):
    """Assert that every span is a non-empty, untrimmed-safe piece of the text."""
    for start, end, _label in note.spans:
        assert 0 <= start < end <= len(note.text), (start, end, len(note.text))
    return note


def crosses(note, start, end):
    """Whether replacing text[start:end] would cut through the edge of a span."""
    for a, b, _label in note.spans:
        inside, around, apart = a <= start and end <= b, start <= a and b <= end, end <= a or b <= start
        if not (inside or apart or around):
            return True
    return False


def rewrite(note, edits):
    """Apply (start, end, replacement) edits; those that overlap or cut a span's edge are skipped.

    A span keeps exactly the text that stood in it: what is replaced inside it grows or shrinks it, what is inserted at
    its edges stays outside, and a span whose whole text goes away goes with it.
    """
    kept, last = [], 0
    for start, end, new in sorted(edits):
        if start < last or crosses(note, start, end):
            continue
        if not new.strip() and any(start <= a and b <= end for a, b, _l in note.spans):
            continue
        kept.append((start, end, new))
        last = max(last, end)
    if not kept:
        return note
    pieces, at = [], 0
    for start, end, new in kept:
        pieces += [note.text[at:start], new]
        at = end
    pieces.append(note.text[at:])

    def moved(position, is_end):
        shift = 0
        for start, end, new in kept:
            if start == end == position:
                shift += 0 if is_end else len(new)
            elif end <= position:
                shift += len(new) - (end - start)
            elif start < position:  # strictly inside an edit: only when the edit covers the span
                return (start + shift + len(new)) if is_end else start + shift
            else:
                break
        return position + shift

    spans = set()
    for a, b, label in note.spans:
        a2, b2 = moved(a, False), moved(b, True)
        if a2 < b2:
            spans.add((a2, b2, label))
    return check(Note("".join(pieces), sorted(spans), note.source))


def map_chars(note, function):
    """Replace each character by another single one; what does not fit stays."""
    out = []
    for char in note.text:
        new = function(char)
        out.append(new if len(new) == 1 else char)
    return Note("".join(out), note.spans, note.source)


def strip_accent(char):
    """é -> e; º and other compatibility characters stay."""
    if ord(char) < 128:
        return char
    base = unicodedata.normalize("NFD", char)
    return base[0] if base[0].isalpha() and ord(base[0]) < 128 else char


def upper(note, _rng=None):
    """All capitals."""
    return map_chars(note, str.upper)


def lower(note, _rng=None):
    """No capitals."""
    return map_chars(note, str.lower)


def no_accents(note, _rng=None):
    """No accents."""
    return map_chars(note, strip_accent)


def sentence_case(note, _rng=None):
    """Lower case, but for the first letter of a sentence or line and for short words of capitals (abbreviations)."""
    text, out, fresh = note.text, [], True
    short = {i for m in re.finditer(r"\b[A-Z0-9]{2,4}\b", text) for i in range(*m.span())}
    mostly_upper = sum(c.isupper() for c in text) > 0.6 * max(1, sum(c.isalpha() for c in text))
    for i, char in enumerate(text):
        if char.isalpha():
            new = char.upper() if fresh else char.lower()
            out.append(char if (i in short and not mostly_upper) or len(new) != 1 else new)
            fresh = False
        else:
            out.append(char)
            fresh = fresh or char in ".\n" or (char == ":" and mostly_upper)
    return Note("".join(out), note.spans, note.source)


KEYS = ["qwertyuiop", "asdfghjklç", "zxcvbnm"]
NEAR = {c: [row[i + d] for row in KEYS[r:r + 1] for d in (-1, 1) if 0 <= i + d < len(row)]
        for r, row in enumerate(KEYS) for i, c in enumerate(row)}


def typo(word, rng):
    """One slip of the fingers: two letters swapped, one left out, doubled, or its neighbour hit."""
    i = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.35:
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    if kind < 0.65:
        return word[:i] + word[i + 1:]
    if kind < 0.75:
        return word[:i] + word[i] + word[i:]
    new = rng.choice(NEAR.get(word[i].lower(), [word[i]]))
    return word[:i] + (new.upper() if word[i].isupper() else new) + word[i + 1:]


def typos(note, rng, rate=0.02):
    """Slips in words of four letters and more."""
    words = [m for m in re.finditer(r"[^\W\d_]{4,}", note.text) if rng.random() < rate]
    return rewrite(note, [(m.start(), m.end(), typo(m.group(), rng)) for m in words])


def spacing(note, rng, rate=0.05):
    """Spaces lost after punctuation, doubled, put around signs."""
    edits = []
    for m in re.finditer(r"(?<=[,;:.]) (?=\w)|(?<=\w) (?=\w)|(?<=\w)(?=[/+,])|(?<=\d) ?(?=(?:mg|ml|g|cm|h|kg|bpm)\b)",
                         note.text):
        if rng.random() >= rate:
            continue
        before = note.text[m.start() - 1]
        if m.group() == " ":
            edits.append((m.start(), m.end(), "" if before in ",;:." or before.isdigit() else "  "))
        else:
            edits.append((m.start(), m.end(), " "))
    return rewrite(note, edits)


def line_breaks(note, rng):
    """Lines run together, or sentences set on lines of their own, or blank lines between."""
    kind = rng.random()
    if kind < 0.45:
        joint = rng.choice([" ", " ", "  ", ". ", " - "])
        return rewrite(note, [(*m.span(), joint) for m in re.finditer(r"\s*\n\s*", note.text)])
    if kind < 0.7:
        return rewrite(note, [(*m.span(), "\n\n") for m in re.finditer(r"\n+", note.text)])
    share = rng.uniform(0.1, 0.7)
    return rewrite(note, [(*m.span(), "\n") for m in re.finditer(r"(?<=\.) +", note.text) if rng.random() < share])


def odd_breaks(note, rng, rate=0.02):
    """A line broken in the middle of a sentence, as by a form of fixed width."""
    return rewrite(note, [(*m.span(), "\n") for m in re.finditer(r"(?<=\w) (?=\w)", note.text) if rng.random() < rate])


def values(note, rng, rate=0.5):
    """Other numbers of about the same size, the first digit kept in half of them; decimal marks varied."""
    edits = []
    for m in re.finditer(r"(?<![^\W\d_])\d+", note.text):
        if rng.random() >= rate:
            continue
        old = m.group()
        digits = [rng.choice("123456789") if i == 0 and old[0] != "0" else rng.choice("0123456789") if old[i] != "0"
                  else "0" for i in range(len(old))]
        if len(old) > 1 and rng.random() < 0.5:
            digits[0] = old[0]
        edits.append((m.start(), m.end(), "".join(digits)))
    if rng.random() < 0.2:
        edits += [(m.start(), m.end(), {",": ".", ".": ","}[m.group()])
                  for m in re.finditer(r"(?<=\d)[.,](?=\d)", note.text)]
    return rewrite(note, edits)


def like(model, word):
    """`word` in the capitals of `model`."""
    letters = [c for c in model if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return word.upper()
    if letters and letters[0].isupper() and word[:1].islower():
        return word[0].upper() + word[1:]
    return word


def plain(text):
    """Lower case without accents, character for character."""
    return "".join(strip_accent(c) for c in text).lower()


def words_within(note, label):
    """The words inside spans of a label, once each."""
    seen = {}
    for a, b, name in note.spans:
        if name == label:
            for m in re.finditer(r"[^\W\d_]{2,}", note.text[a:b]):
                seen[a + m.start()] = (a + m.start(), a + m.end(), m.group())
    return list(seen.values())


def drugs(note, rng, known, rate=0.4):
    """Known drugs in Chemicals & Drugs spans for others."""
    folded = {plain(d) for d in known}
    edits = [(s, e, like(w, rng.choice(known))) for s, e, w in words_within(note, "Chemicals & Drugs")
             if plain(w) in folded and rng.random() < rate]
    return rewrite(note, edits)


def names(note, rng, known, rate=0.5):
    """First names in Living Beings spans for others."""
    folded = {plain(n) for n in known}
    edits = [(s, e, like(w, rng.choice(known))) for s, e, w in words_within(note, "Living Beings")
             if plain(w) in folded and rng.random() < rate]
    return rewrite(note, edits)


def abbreviations(note, rng, pairs, rate=0.3):
    """Short forms written out and the reverse, as whole words.

    `pairs` is a list of (short, long). Short forms are told by their capitals, unless the note is all in capitals.
    """
    to_long, to_short = {}, {}
    for short, long in pairs:
        to_long.setdefault(short, []).append(long)
        to_short[plain(long)] = short
    edits = []
    for m in re.finditer(r"(?<!\w)[^\W\d_]\w{0,5}(?!\w)", note.text):
        if m.group() in to_long and rng.random() < rate / 2:
            long = rng.choice(to_long[m.group()])
            edits.append((*m.span(), long.upper() if note.text.isupper() else long))
    folded = plain(note.text)
    for long, short in to_short.items():
        at = folded.find(long)
        while at >= 0:
            end = at + len(long)
            bounded = not folded[at - 1:at].isalnum() and not folded[end:end + 1].isalnum()
            if bounded and rng.random() < rate:
                edits.append((at, end, short))
            at = folded.find(long, end)
    return rewrite(note, edits)


SIDES = [("direito", "esquerdo"), ("direita", "esquerda"), ("direitos", "esquerdos"), ("direitas", "esquerdas"),
         ("msd", "mse"), ("mid", "mie"), ("fid", "fie"), ("d", "e")]
OTHER_SIDE = {**dict(SIDES), **{b: a for a, b in SIDES}}


def sides(note, _rng=None):
    """Left for right and right for left; a lone D or E only where a span of anatomy ends with it."""
    ends = {b for _a, b, label in note.spans if label in ("Anatomy", "Disorders", "Procedures")}
    edits = []
    for m in re.finditer(r"(?<!\w)[^\W\d_]+(?!\w)", note.text):
        other = OTHER_SIDE.get(plain(m.group()))
        if other and (len(m.group()) > 1 or (m.group().isupper() and m.end() in ends)):
            edits.append((*m.span(), like(m.group() + m.group(), other) if m.group().isupper() else like(m.group(), other)))
    return rewrite(note, edits)


def mentions(note, rng, bank, rate=0.1):
    """Spans that hold no other span exchanged for mentions of the same labels.

    `bank` maps a sorted tuple of labels to the mentions that carry exactly these.
    """
    labels = {}
    for a, b, label in note.spans:
        labels.setdefault((a, b), []).append(label)
    edits = []
    for (a, b), names_ in labels.items():
        if any((c, d) != (a, b) and c < b and a < d for c, d in labels):
            continue
        choice = bank.get(tuple(sorted(names_)))
        if choice and rng.random() < rate:
            edits.append((a, b, like(note.text[a:b], rng.choice(choice))))
    return rewrite(note, edits)


def closing_title(note, rng, titles):
    """A CID-10 title at the end, in capitals without accents, as nursing notes have it."""
    title = no_accents(upper(Note(rng.choice(titles), []))).text
    text = note.text.rstrip()
    text += rng.choice([" ", ". ", "\n", "  "]) if not text.endswith(".") else rng.choice([" ", "\n", "   "])
    return check(Note(text + title, note.spans + [(len(text), len(text) + len(title), "Disorders")], note.source))


def piece(note, start, end):
    """The part of a note between two places, which must cut no span."""
    spans = [(a - start, b - start, label) for a, b, label in note.spans if start <= a and b <= end]
    return check(Note(note.text[start:end], spans, note.source))


def seams(note):
    """Places where a note can be cut: after a line break or a full stop, outside all spans."""
    return [m.end() for m in re.finditer(r"\n+|\. +", note.text)
            if not any(a < m.end() < b for a, b, _l in note.spans)]


def drop_ends(note, rng):
    """Without its beginning or its end."""
    cuts = seams(note)
    if len(cuts) < 2:
        return note
    at = rng.choice(cuts)
    part = piece(note, at, len(note.text)) if rng.random() < 0.6 else piece(note, 0, at)
    return part if len(part.text) > 60 and part.spans else note


def join(first, second, between="\n"):
    """Two notes one after the other."""
    shift = len(first.text) + len(between)
    spans = first.spans + [(a + shift, b + shift, label) for a, b, label in second.spans]
    return check(Note(first.text + between + second.text, sorted(spans), first.source))


def shuffle_sentences(note, rng):
    """Its sentences and lines in another order."""
    cuts = [0] + seams(note) + [len(note.text)]
    parts = [piece(note, a, b) for a, b in zip(cuts, cuts[1:]) if b > a]
    rng.shuffle(parts)
    out = parts[0]
    for part in parts[1:]:
        glue = "" if out.text[-1:].isspace() else " "
        out = join(out, part, glue)
    return out
