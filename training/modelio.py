"""Loading a trained folder, whether its matrices are fp32 or int8 with a scale for each row."""
import json
import os

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification


def quantise(weight):
    """Symmetric int8, one scale a row: (int8 [rows, columns], float32 [rows, 1])."""
    scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    return (weight / scale).round().clamp(-127, 127).to(torch.int8), scale.float()


def dequantised(state):
    """A state dict with its int8 matrices turned back into floats."""
    out = {}
    for name, tensor in state.items():
        if name.endswith(".weight_scale"):
            continue
        scale = state.get(name + "_scale")
        out[name] = tensor if scale is None else tensor.float() * scale
    return out


def load(folder):
    """(model, tokenizer, settings) of a folder; settings is its anamnese.json, if there is one."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    config.pop("quantization_config", None)
    model = BertForTokenClassification(BertConfig(**config)).eval()
    state = dequantised(load_file(os.path.join(folder, "model.safetensors")))
    missing = set(model.state_dict()) - set(state)
    assert not {m for m in missing if "position_ids" not in m}, missing
    model.load_state_dict(state, strict=False)
    settings = {}
    if os.path.exists(os.path.join(folder, "anamnese.json")):
        with open(os.path.join(folder, "anamnese.json"), encoding="utf-8") as file:
            settings = json.load(file)
    return model, Tokenizer.from_file(os.path.join(folder, "tokenizer.json")), settings
