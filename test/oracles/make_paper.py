"""Writes two tiny encoders with notes, and what the study's protocol makes of them: notes padded, padding scored.

    python3 test/oracles/make_paper.py

Made with torch 2.13, transformers 5.23 and scikit-learn 1.9.1. Attention is eager: in transformers 4 (seen with 4.57.1),
which the study's time had, the default computes the same to 1e-5 at every position, padding far behind the text
included, where local attention sees no token at all; the default of transformers 5 computes something else there.
Each folder under paper/ is a checkpoint without its tokenizer (of tokenizers/), plus oracle.json: which tokenizer,
the notes, the logits of all positions, and the study's figures.
"""

import json
from pathlib import Path

import numpy as np
import torch
from make_encoders import randomise
from make_metrics import label_thresholds, study_metrics, THRESHOLDS
from transformers import (
    BertConfig,
    BertForTokenClassification,
    ModernBertConfig,
    ModernBertForTokenClassification,
    PreTrainedTokenizerFast,
)

HERE = Path(__file__).parent
LABELS = ["Anatomy", "Chemicals & Drugs", "Disorders"]
LENGTH = 48
MARKED = [
    "Paciente com [D:edema em [A:MMII]] e [D:dor torácica].",
    "Nega [D:febre]. Em uso de [C:dipirona] 1g 6/6h e [C:AAS] 100mg/dia.",
    "😀 Refere [D:cefaleia] há 3 dias, sem [D:rigidez de [A:nuca]].",
    "[D:Fratura de [A:fêmur]] esquerdo em pós-operatório, [C:cefazolina] suspensa, [D:dor] em [A:quadril]; "
    "aguarda alta, retorno em 15 dias, curativo diário, orientada a família quanto a [D:queda] e a [C:enoxaparina] "
    "40mg SC 1x/dia por mais 10 dias, com retirada de pontos na unidade básica, sem [D:sangramento] ou [D:infecção].",
    "Sem queixas.",
    "[D:HAS] e [D:DM2] em uso de [C:losartana] e [C:metformina].",
    "Evolui com [D:dispneia] e [D:crepitações em [A:bases pulmonares]], iniciada [C:furosemida] EV.",
    "Aceita dieta, [A:abdome] flácido, sem [D:dor à palpação]; [A:MMSS] e [A:MMII] sem [D:edema].",
]
NAMES = {"D": "Disorders", "A": "Anatomy", "C": "Chemicals & Drugs"}


def read_marked(marked):
    """The text and its annotations, in code points."""
    text, open_marks, annotations, i = "", [], [], 0
    while i < len(marked):
        if marked[i] == "[" and marked[i + 2] == ":":
            open_marks.append((NAMES[marked[i + 1]], len(text)))
            i += 3
        elif marked[i] == "]":
            label, start = open_marks.pop()
            annotations.append((label, start, len(text)))
            i += 1
        else:
            text += marked[i]
            i += 1
    return text, annotations


def record(text, annotations):
    return {
        "text": text,
        "annotations": [
            {"id": f"a{i}", "tags": [], "semantic_groups": [label], "start": start, "end": end, "text": text[start:end]}
            for i, (label, start, end) in enumerate(annotations)
        ],
    }


def outputs_of(scheme):
    return LABELS if scheme == "IO" else [f"{prefix}-{label}" for label in LABELS for prefix in "BI"]


def encode(tokenizer, notes, scheme):
    """ids, mask and truth, [notes, LENGTH] and [notes, LENGTH, outputs], as the protocol has them."""
    outputs = outputs_of(scheme)
    texts = [text for text, _ in notes]
    batch = tokenizer(
        texts, truncation=True, max_length=LENGTH, padding="max_length", return_offsets_mapping=True
    )
    truth = np.zeros((len(notes), LENGTH, len(outputs)), np.uint8)
    for note, (_, annotations) in enumerate(notes):
        for token, (start, end) in enumerate(batch["offset_mapping"][note]):
            if start == end:
                continue
            for label, a_start, a_end in annotations:
                if a_start < end and start < a_end:
                    prefix = "" if scheme == "IO" else "B-" if start == a_start else "I-"
                    truth[note, token, outputs.index(prefix + label)] = 1
    return torch.tensor(batch["input_ids"]), torch.tensor(batch["attention_mask"]), truth


def fit(model, ids, mask, truth, steps):
    """A little, so that scores have to do with truth; padding is no part of the loss, as in the study."""
    torch.manual_seed(3)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(steps):
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            model(input_ids=ids, attention_mask=mask).logits, torch.tensor(truth).float(), reduction="none"
        )
        optimiser.zero_grad()
        ((losses.sum(-1) * mask).sum() / mask.sum()).backward()
        optimiser.step()
    return model.eval()


def write(name, tokenizer_name, model_class, config_class, scheme, **keys):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(HERE / "tokenizers" / tokenizer_name / "tokenizer.json"))
    vocabulary = tokenizer.get_vocab()
    pad = next(token for token in ("[PAD]", "<pad>") if token in vocabulary)
    tokenizer.pad_token = pad
    outputs = outputs_of(scheme)
    config = config_class(
        vocab_size=len(vocabulary), hidden_size=16, num_attention_heads=2, intermediate_size=24,
        max_position_embeddings=LENGTH, pad_token_id=vocabulary[pad], id2label=dict(enumerate(outputs)),
        label2id={output: i for i, output in enumerate(outputs)}, problem_type="multi_label_classification", **keys,
    )
    config._attn_implementation = "eager"
    notes = [read_marked(marked) for marked in MARKED]
    ids, mask, truth = encode(tokenizer, notes, scheme)
    folder = HERE / "paper" / name
    for steps in range(30, 60):
        model = fit(randomise(model_class(config)), ids, mask, truth, steps)
        with torch.no_grad():
            logits = model(input_ids=ids, attention_mask=mask).logits.numpy()
        scores = (1 / (1 + np.exp(-logits.astype(np.float64)))).reshape(-1, len(outputs))
        # A score beside a threshold would be on either side of it by rounding.
        if min(np.abs(scores - t).min() for t in THRESHOLDS) > 3e-6:
            break
    model.save_pretrained(folder)
    flat = truth.reshape(-1, len(outputs))
    oracle = {
        "tokenizer": tokenizer_name, "length": LENGTH, "records": [record(*note) for note in notes],
        "tokens": mask.sum(1).tolist(), "logits": np.round(logits, 6).reshape(len(notes), -1).tolist(),
        "study": study_metrics(flat, scores), "labelThresholds": label_thresholds(flat, scores),
    }
    (folder / "oracle.json").write_text(json.dumps(oracle) + "\n")
    print(name, oracle["study"], oracle["labelThresholds"], oracle["tokens"])


if __name__ == "__main__":
    write("bert-io", "wordpiece-cased", BertForTokenClassification, BertConfig, "IO", num_hidden_layers=2)
    write(
        "modernbert-bio", "byte-level", ModernBertForTokenClassification, ModernBertConfig, "BIO",
        num_hidden_layers=4, local_attention=8, bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2,
    )
