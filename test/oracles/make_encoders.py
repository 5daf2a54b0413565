"""Writes tiny random encoders, saved by transformers itself, and what transformers computes with them.

    python3 test/oracles/make_encoders.py

Made with torch 2.13 and transformers 5.23. Each folder under encoders/ is a checkpoint as it is published, plus
oracle.json, where it can classify tokens: a padded batch, its mask, and the logits in single precision.
"""

import json
import os
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForTokenClassification,
    ModernBertConfig,
    ModernBertForMaskedLM,
    ModernBertForTokenClassification,
)

ROOT = Path(__file__).parent / "encoders"
LABELS = ["O", "Problema", "Teste", "Tratamento", "Anatomia"]
NAMES = {"id2label": dict(enumerate(LABELS)), "label2id": {label: i for i, label in enumerate(LABELS)}}
# Lengths of the texts of a batch; the longest exceeds ModernBERT's local window on both sides.
LENGTHS = [23, 9, 17]


def bert_config(**keys):
    return BertConfig(
        vocab_size=120, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=40, **NAMES, **keys,
    )


def modernbert_config(**keys):
    return ModernBertConfig(
        vocab_size=120, hidden_size=32, num_hidden_layers=4, num_attention_heads=4, intermediate_size=24,
        max_position_embeddings=40, local_attention=8, pad_token_id=0, bos_token_id=1, eos_token_id=2,
        cls_token_id=1, sep_token_id=2, **NAMES, **keys,
    )


def randomise(model):
    """Weights of the size that trained ones have, norms and biases included, so that nothing goes untested."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            weight.copy_(1 + 0.2 * noise if "norm" in name.lower() and "weight" in name else 0.2 * noise)
    return    model.eval()


def write_oracle(folder, model):
    generator = torch.Generator().manual_seed(11)
    length = max(LENGTHS)
    mask = torch.tensor([[1] * n + [0] * (length - n) for n in LENGTHS])
    ids = torch.randint(3, 120, mask.shape, generator=generator) * mask
    with torch.no_grad():
        logits = model.float()(input_ids=ids, attention_mask=mask).logits
    rounded = [[[round(x, 6) for x in row] for row in text] for text in logits.tolist()]
    (folder / "oracle.json").write_text(
        json.dumps({"ids": ids.tolist(), "mask": mask.tolist(), "logits": rounded})
    )


def fresh(name):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def save(name, model, **options):
    folder = fresh(name)
    model.save_pretrained(folder, **options)
    return folder


def save_torch(name, model, rename=lambda key: key, **options):
    """pytorch_model.bin, with shared, transposed and half-empty storages as real ones have them."""
    folder = fresh(name)
    model.config.save_pretrained(folder)
    state = {rename(key): value for key, value in model.state_dict().items()}
    torch.save(type(model.state_dict())(state), folder / "pytorch_model.bin", **options)
    return folder


def old_names(key):
    return key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")


def make_bert():
    model = randomise(BertForTokenClassification(bert_config()))
    write_oracle(save("bert", model), model)
    write_oracle(save("bert-sharded", model, max_shard_size="20KB"), model)
    write_oracle(save_torch("bert-zip", model), model)
    write_oracle(save_torch("bert-legacy", model, _use_new_zipfile_serialization=False), model)
    write_oracle(save_torch("bert-gamma-beta", model, rename=old_names), model)
    write_oracle(save_torch("bert-no-prefix", model, rename=lambda key: key.removeprefix("bert.")), model)
    make_strided(model)
    make_sharded_torch(model)
    tanh = randomise(BertForTokenClassification(bert_config(hidden_act="gelu_new")))
    write_oracle(save("bert-gelu-new", tanh), tanh)
    save("bert-masked-lm", randomise(BertForMaskedLM(bert_config())))
    half = randomise(BertForTokenClassification(bert_config())).half()
    write_oracle(save("bert-fp16", half), half)


def make_strided(model):
    """Transposed, offset and shared storages."""
    folder = fresh("bert-strided")
    model.config.save_pretrained(folder)
    state = model.state_dict()
    query = "bert.encoder.layer.0.attention.self.query.weight"
    state[query] = state[query].t().contiguous().t()
    norms = [key for key in state if "LayerNorm" in key]
    together = torch.cat([state[key] for key in norms])
    for index, key in enumerate(norms):
        state[key] = together[32 * index : 32 * (index + 1)]
    state["cls.tied.weight"] = state["bert.embeddings.word_embeddings.weight"]
    torch.save(state, folder / "pytorch_model.bin")
    write_oracle(folder, model)


def make_sharded_torch(model):
    folder = fresh("bert-zip-sharded")
    model.config.save_pretrained(folder)
    state = model.state_dict()
    keys, weight_map = list(state), {}
    for shard in range(2):
        name = f"pytorch_model-{shard + 1:05d}-of-00002.bin"
        mine = keys[shard::2]
        torch.save({key: state[key].clone() for key in mine}, folder / name)
        weight_map.update({key: name for key in mine})
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    write_oracle(folder, model)


def make_modernbert():
    model = randomise(ModernBertForTokenClassification(modernbert_config()))
    write_oracle(save("modernbert", model), model)
    make_old_config(model)
    biased = modernbert_config(norm_bias=True, attention_bias=True, mlp_bias=True, classifier_bias=True)
    model = randomise(ModernBertForTokenClassification(biased))
    write_oracle(save("modernbert-biased", model), model)
    # As mmBERT has it: one rotary base, two windows.
    rope = {kind: {"rope_type": "default", "rope_theta": 160000.0} for kind in ["full_attention", "sliding_attention"]}
    model = randomise(ModernBertForTokenClassification(modernbert_config(rope_parameters=rope)))
    write_oracle(save("modernbert-one-base", model), model)
    save("modernbert-masked-lm", randomise(ModernBertForMaskedLM(modernbert_config())))
    folder = save("modernbert-bf16", randomise(ModernBertForTokenClassification(modernbert_config())).bfloat16())
    # Read again: bfloat16() has rounded the rotary frequencies too, which no checkpoint holds.
    write_oracle(folder, ModernBertForTokenClassification.from_pretrained(folder, dtype=torch.float32))


def make_old_config(model):
    """config.json as transformers 4.48 wrote it."""
    folder = save("modernbert-v4", model)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    del config["layer_types"], config["rope_parameters"]
    config.update(global_attn_every_n_layers=3, global_rope_theta=160000.0, local_rope_theta=10000.0)
    config["transformers_version"] = "4.48.0"
    path.write_text(json.dumps(config))
    write_oracle(folder, model)


def make_int8():
    """The eight-bit layout of compressed-tensors (int-quantized): I8 weights with an F32 scale a row."""
    model = randomise(BertForTokenClassification(bert_config()))
    folder = save("bert-int8", model)
    path = folder / "model.safetensors"
    stored, state = {}, model.state_dict()
    for key, weight in load_file(path).items():
        if weight.dim() == 2 and "classifier" not in key and "type" not in key:
            scale = weight.abs().amax(dim=1, keepdim=True) / 127
            quantised = (weight / scale).round().clamp(-127, 127).to(torch.int8)
            stored[key], stored[f"{key}_scale"] = quantised, scale
            state[key].copy_(quantised * scale)
        else:
            stored[key] = weight
    save_file(stored, path)
    write_oracle(folder, model)


class Evil:
    def __reduce__(self):
        return os.system, ("touch anamnese-was-here",)


def make_malicious():
    """Checkpoints that run a command when Python loads them."""
    model = BertForTokenClassification(bert_config())
    state = {**model.state_dict(), "evil": Evil()}
    for name, options in [("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False})]:
        folder = fresh(f"malicious-{name}")
        model.config.save_pretrained(folder)
        torch.save(state, folder / "pytorch_model.bin", **options)


if __name__ == "__main__":
    make_malicious()
    make_bert()
    make_modernbert()
    make_int8()
