"""Writes folders as the nine encoders of the benchmark are published, tiny, and what transformers makes of them.

    pip install torch==2.13.0 transformers==5.24.0
    python test/oracles/make_published.py             # rewrites test/oracles/published/

Each folder has the keys of its config.json, the names and form of its weights and its kind of tokenizer, with few and
random weights and the small vocabularies of make_tokenizers.py. Between them they have what published folders have
been seen to have: vocab.txt alone, with or without tokenizer_config.json; the `max_len`, `_num_labels` and `output_past`
of transformers 2; a config.json without `model_type`; pytorch_model.bin as a plain pickle or an archive, with position
ids, tied and untied copies of the word vectors, and `gamma` and `beta` from TensorFlow.

`true.json` is the configuration at its true size and the names and shapes that transformers gives the weights then;
`oracle.json` holds texts, their ids, a classifier for the encoder, and the logits that it gives.
"""

import json
import re
import shutil
from pathlib import Path

import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForPreTraining,
    BertForTokenClassification,
    BertTokenizer,
    ModernBertConfig,
    ModernBertForMaskedLM,
    ModernBertForTokenClassification,
)

from make_encoders import old_names, randomise

HERE = Path(__file__).parent
ROOT = HERE / "published"
LABELS = 5
TEXTS = [
    "Paciente com HAS e DM2, nega alergias. Dor torácica há 3 dias.",
    "PA 230/90mmhg 😀 furosemida 40mg EV",
    "Edema de MMII",
]

BERT = {
    "attention_probs_dropout_prob": 0.1, "directionality": "bidi", "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
    "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512, "model_type": "bert", "num_attention_heads": 12, "num_hidden_layers": 12,
    "pad_token_id": 0, "pooler_fc_size": 768, "pooler_num_attention_heads": 12, "pooler_num_fc_layers": 3,
    "pooler_size_per_head": 128, "pooler_type": "first_token_transform", "type_vocab_size": 2, "vocab_size": 119547,
}
BERTIMBAU = {**BERT, "architectures": ["BertForMaskedLM"], "output_past": True, "vocab_size": 29794}
BIOBERTPT = {
    **BERT, "_num_labels": 2, "architectures": ["BertForMaskedLM"], "bos_token_id": 0, "do_sample": False,
    "eos_token_ids": 0, "finetuning_task": None, "id2label": {"0": "LABEL_0", "1": "LABEL_1"}, "is_decoder": False,
    "label2id": {"LABEL_0": 0, "LABEL_1": 1}, "num_beams": 1, "output_attentions": False, "output_past": True,
    "pruned_heads": {}, "torchscript": False, "use_bfloat16": False,
}
MODERNBERT = {
    "architectures": ["ModernBertForMaskedLM"], "attention_bias": False, "attention_dropout": 0.0,
    "bos_token_id": 50281, "classifier_activation": "gelu", "classifier_bias": False, "classifier_dropout": 0.0,
    "classifier_pooling": "mean", "cls_token_id": 50281, "decoder_bias": True, "deterministic_flash_attn": False,
    "embedding_dropout": 0.0, "eos_token_id": 50282, "global_attn_every_n_layers": 3, "global_rope_theta": 160000.0,
    "gradient_checkpointing": False, "hidden_activation": "gelu", "hidden_size": 768,
    "initializer_cutoff_factor": 2.0, "initializer_range": 0.02, "intermediate_size": 1152, "layer_norm_eps": 1e-05,
    "local_attention": 128, "local_rope_theta": 10000.0, "max_position_embeddings": 8192, "mlp_bias": False,
    "mlp_dropout": 0.0, "model_type": "modernbert", "norm_bias": False, "norm_eps": 1e-05,
    "num_attention_heads": 12, "num_hidden_layers": 22, "pad_token_id": 50283,
    "position_embedding_type": "absolute", "reference_compile": True, "repad_logits_with_grad": False,
    "sep_token_id": 50282, "sparse_pred_ignore_index": -100, "sparse_prediction": False, "torch_dtype": "float32",
    "transformers_version": "4.47.0.dev0", "vocab_size": 50368,
}
MMBERT = {
    **MODERNBERT, "bos_token_id": 2, "cls_token_id": 1, "eos_token_id": 1, "local_rope_theta": 160000.0,
    "mask_token_id": 4, "pad_token_id": 0, "position_embedding_type": "sans_pos", "sep_token_id": 1,
    "tie_word_embeddings": True, "transformers_version": "4.48.0", "vocab_size": 256000,
}
TRUE = {
    "biobertpt-all": BIOBERTPT,
    "biobertpt-clin": BIOBERTPT,
    "biobertpt-bio": {key: value for key, value in BIOBERTPT.items() if key != "model_type"},
    "bert-base-portuguese-cased": BERTIMBAU,
    "bert-large-portuguese-cased": {
        **BERTIMBAU, "hidden_size": 1024, "intermediate_size": 4096, "num_attention_heads": 16, "num_hidden_layers": 24,
    },
    "ModernBERT-base": MODERNBERT,
    "ModernBERT-large": {
        **MODERNBERT, "hidden_size": 1024, "intermediate_size": 2624, "num_attention_heads": 16, "num_hidden_layers": 28,
    },
    "mmBERT-base": MMBERT,
    "mmBERT-small": {**MMBERT, "hidden_size": 384, "num_attention_heads": 6},
}
SMALL = {"hidden_size": 16, "num_attention_heads": 4, "intermediate_size": 24, "max_position_embeddings": 64}
BERT_SMALL = {**SMALL, "num_hidden_layers": 2, "vocab_size": 700}
# Windows shorter than the texts; a second global layer.
MODERN_SMALL = {**SMALL, "num_hidden_layers": 4, "local_attention": 8}
BYTE_LEVEL_IDS = {"bos_token_id": 1, "cls_token_id": 1, "eos_token_id": 2, "sep_token_id": 2, "pad_token_id": 3}
NAMED = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_true_shape(folder, config):
    """Names and shapes, layers of one shape written once as name: [shape, first layer, last layer]."""
    with torch.device("meta"):
        state = model_class(config)(config_of(config)).state_dict()
    folded = {}
    for name, tensor in state.items():
        layer = re.search(r"layers?\.(\d+)", name)
        key = re.sub(r"(layers?\.)\d+", r"\1*", name)
        index = int(layer.group(1)) if layer else None
        entry = folded.setdefault(key, [list(tensor.shape), index, index])
        assert entry[0] == list(tensor.shape) and (index is None or index - (entry[2] or 0) <= 1)
        entry[2] = index
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in folded.items())
    keys = json.dumps(config)
    (folder / "true.json").write_text(f'{{\n "config": {keys},\n "weights": {{\n{lines}\n }}\n}}\n')


def config_of(keys):
    kind = ModernBertConfig if keys.get("model_type") == "modernbert" else BertConfig
    return kind.from_dict(dict(keys))


def model_class(keys):
    return ModernBertForMaskedLM if keys.get("model_type") == "modernbert" else BertForPreTraining


def write_folder(name, small, tokenizer, weights):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_true_shape(folder, TRUE[name])
    keys = {**TRUE[name], **small}
    write_json(folder / "config.json", keys)
    tokenizer(folder)
    model = randomise(model_class(keys)(config_of(keys)))
    weights(folder, model)
    write_oracle(folder, model, keys)


def write_oracle(folder, model, keys):
    config = config_of(keys)
    config.num_labels = LABELS
    modern = keys.get("model_type") == "modernbert"
    classifier = (ModernBertForTokenClassification if modern else BertForTokenClassification)(config)
    classifier = randomise(classifier)
    missing, _ = classifier.load_state_dict(model.state_dict(), strict=False)
    assert sorted(missing) == ["classifier.bias", "classifier.weight"], missing
    tokenizer = (AutoTokenizer if modern else BertTokenizer).from_pretrained(folder)
    ids = [tokenizer(text)["input_ids"] for text in TEXTS]
    with torch.no_grad():
        logits = [classifier(input_ids=torch.tensor([text])).logits[0].tolist() for text in ids]
    rounded = [[[round(x, 6) for x in row] for row in text] for text in logits]
    state = classifier.state_dict()
    head = {part: state[f"classifier.{part}"].tolist() for part in ("weight", "bias")}
    (folder / "oracle.json").write_text(
        json.dumps({"texts": TEXTS, "ids": ids, "classifier": head, "logits": rounded}, ensure_ascii=False) + "\n"
    )


def vocabulary(config, **files):
    def write(folder):
        shutil.copy(HERE / "tokenizers" / "vocab-cased" / "vocab.txt", folder)
        if config is not None:
            write_json(folder / "tokenizer_config.json", config)
        for name, value in files.items():
            write_json(folder / f"{name}.json", value)

    return write


def tokenizer_json(kind, config):
    def write(folder):
        shutil.copy(HERE / "tokenizers" / kind / "tokenizer.json", folder)
        write_json(folder / "tokenizer_config.json", config)

    return write


def pickled(rename=lambda key: key, drop=(), **options):
    """pytorch_model.bin, with the position ids that models had as a buffer before 4.31."""

    def write(folder, model):
        state = {rename(key): value for key, value in model.state_dict().items() if not key.startswith(drop or "-")}
        if "bert.embeddings.word_embeddings.weight" in state:
            state["bert.embeddings.position_ids"] = torch.arange(64).unsqueeze(0)
        torch.save(state, folder / "pytorch_model.bin", **options)

    return write


def safetensors(folder, model):
    """Tied weights are left out."""
    keys = (folder / "config.json").read_text()
    model.save_pretrained(folder)
    (folder / "config.json").write_text(keys)
    (folder / "generation_config.json").unlink(missing_ok=True)


PLAIN = {"_use_new_zipfile_serialization": False}


def main():
    old = {"do_lower_case": False, "max_len": 48}
    write_folder("biobertpt-all", BERT_SMALL, vocabulary(old, special_tokens_map=NAMED), pickled(old_names, **PLAIN))
    added = vocabulary(old, special_tokens_map=NAMED, added_tokens={"alergias": 700, "230/90": 701})
    write_folder("biobertpt-clin", {**BERT_SMALL, "vocab_size": 702}, added, pickled(**PLAIN))
    write_folder("biobertpt-bio", BERT_SMALL, vocabulary(None), pickled())
    cased = {"do_lower_case": False, "do_basic_tokenize": True, "never_split": None, **NAMED, "strip_accents": None,
             "tokenize_chinese_chars": True}
    bertimbau = vocabulary(cased, added_tokens={}, special_tokens_map=NAMED)
    write_folder("bert-base-portuguese-cased", BERT_SMALL, bertimbau, pickled(**PLAIN))
    write_folder("bert-large-portuguese-cased", BERT_SMALL, bertimbau, pickled())
    modern = {"clean_up_tokenization_spaces": True, **NAMED, "model_input_names": ["input_ids", "attention_mask"],
              "model_max_length": 8192, "tokenizer_class": "PreTrainedTokenizerFast"}
    words = len(AutoTokenizer.from_pretrained(HERE / "tokenizers" / "byte-level"))
    modern_small = {**MODERN_SMALL, **BYTE_LEVEL_IDS, "vocab_size": words}
    write_folder("ModernBERT-base", modern_small, tokenizer_json("byte-level", modern), safetensors)
    write_folder("ModernBERT-large", modern_small, tokenizer_json("byte-level", modern), pickled())
    gemma = {"add_bos_token": True, "add_eos_token": True, "bos_token": "<bos>", "cls_token": "<bos>",
             "eos_token": "<eos>", "mask_token": "<mask>", "model_max_length": 8192, "pad_token": "<pad>",
             "padding_side": "right", "sep_token": "<eos>", "spaces_between_special_tokens": False,
             "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>"}
    words = len(AutoTokenizer.from_pretrained(HERE / "tokenizers" / "gemma"))
    gemma_small = {**MODERN_SMALL, "vocab_size": words}
    write_folder("mmBERT-base", gemma_small, tokenizer_json("gemma", gemma), pickled(drop="decoder.weight"))
    write_folder("mmBERT-small", gemma_small, tokenizer_json("gemma", gemma), safetensors)


if __name__ == "__main__":
    main()
