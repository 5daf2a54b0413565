"""Write the finished model: int8 matrices, calibration and thresholds.

    python export.py TRAINED OUT
    python export.py TRAINED OUT --verify TEXTS FILE.jsonl   # only compares int8 with fp32 on notes marked with groups

TRAINED is what train.py leaves behind (a folder with `last`, or that folder itself). Every Linear of the encoder and
the word and position embeddings become int8 with one symmetric scale a row, named like the `int-quantized` format of
the compressed-tensors library (`<name>.weight` I8, `<name>.weight_scale` F32 [rows, 1]); biases, LayerNorms and the
head stay F32. Calibration and thresholds are fitted on the validation part with the int8 weights.
"""
import argparse
import json
import os
import shutil

import torch
from safetensors.torch import load_file, save_file

from calibrate import fit_platt, fit_thresholds
from corpus import INDEX, LABELS, read_grouped, read_parts
from evaluate import found_spans, run
from modelio import load, quantise
from score import score
from unpack_base import SPECIALS

QUANTISATION = {
    "quant_method": "compressed-tensors", "format": "int-quantized", "quantization_status": "compressed",
    "global_compression_ratio": None, "ignore": ["classifier", "bert.embeddings.token_type_embeddings"], "kv_cache_scheme": None,
    "config_groups": {"group_0": {
        "targets": ["Linear", "Embedding"], "input_activations": None, "output_activations": None,
        "weights": {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "channel", "group_size": None,
                    "block_structure": None, "dynamic": False, "observer": "minmax", "observer_kwargs": {},
                    "actorder": None}}},
}


def is_matrix(name, tensor):
    """What is quantised."""
    return (name.endswith(".weight") and tensor.ndim == 2 and not name.startswith("classifier")
            and "token_type" not in name)


def dump(folder, name, content):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")


def write_weights(state, out):
    """model.safetensors."""
    tensors = {}
    for name, tensor in state.items():
        if is_matrix(name, tensor):
            tensors[name], tensors[name + "_scale"] = quantise(tensor.float())
        else:
            tensors[name] = tensor.float()
    save_file({k: v.contiguous() for k, v in tensors.items()}, os.path.join(out, "model.safetensors"),
              metadata={"format": "pt"})


def write_config(trained, out):
    """config.json, with the fields the loaders look at."""
    with open(os.path.join(trained, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    for name in ("transformers_version", "dtype", "_name_or_path", "torch_dtype"):
        config.pop(name, None)
    config.update(architectures=["BertForTokenClassification"], problem_type="multi_label_classification",
                  id2label={str(i): label for label, i in INDEX.items()}, label2id=INDEX,
                  quantization_config=QUANTISATION)
    config.setdefault("classifier_dropout", 0.1)
    dump(out, "config.json", config)


def write_tokenizer(trained, out):
    shutil.copyfile(os.path.join(trained, "tokenizer.json"), os.path.join(out, "tokenizer.json"))
    dump(out, "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512,
                                        "clean_up_tokenization_spaces": False, **SPECIALS})
    dump(out, "special_tokens_map.json", SPECIALS)


def settings_for(a, b, thresholds, smoothing):
    """anamnese.json."""
    return {
        "scheme": "IO", "labels": LABELS, "maxTokens": 512, "overlapTokens": 128,
        "thresholds": {label: round(float(t), 3) for label, t in zip(LABELS, thresholds)},
        "calibration": {"method": "platt", "a": [round(v, 5) for v in a], "b": [round(v, 5) for v in b]},
        "smoothing": {
            "method": smoothing, "unit": "[^\\W_]+|[^\\s]", "mean": "calibrated probability of the tokens touching it",
            "join": "white space"},
    }


def scored(notes, runs, a, b, thresholds, smoothing):
    settings = settings_for(a, b, thresholds, smoothing)
    return score(notes, found_spans(notes, runs, settings)).micro[2]


def gain_of_each(notes, runs, a, b, smoothing):
    """What a threshold for each label brings over a common one, fitted on one half of the notes, scored on the other."""
    gain, halves = 0.0, [list(range(i, len(notes), 2)) for i in (0, 1)]
    for fit, held in (halves, halves[::-1]):
        common, each = fit_thresholds([notes[i] for i in fit], [runs[i] for i in fit], a, b, smoothing)
        n, r = [notes[i] for i in held], [runs[i] for i in held]
        gain += (scored(n, r, a, b, each, smoothing) - scored(n, r, a, b, [common] * len(LABELS), smoothing)) / 2
    return gain


def best_settings(notes, runs, fixed=None):
    """Calibration, then the smoothing that does best on `notes`, with thresholds for each label if these do better on
    notes they were not fitted on."""
    a, b = fit_platt(notes, runs)
    best = None
    for smoothing in ("word", "token"):
        common, each = fit_thresholds(notes, runs, a, b, smoothing)
        gain = gain_of_each(notes, runs, a, b, smoothing)
        thresholds = [fixed] * len(LABELS) if fixed else each if gain > 0.001 else [common] * len(LABELS)
        micro = scored(notes, runs, a, b, thresholds, smoothing)
        print(f"{smoothing:5} micro {micro:.4f}, common threshold {common}, gain of one for each label {gain:+.4f}")
        if best is None or micro > best[0]:
            best = (micro, settings_for(a, b, thresholds, smoothing))
    return best[1]


def verify(trained, out, notes):
    """Micro F1 of the fp32 and of the int8 weights under the same settings."""
    whole, tokenizer, _ = load(trained)
    small, _, settings = load(out)
    for name, model in (("fp32", whole), ("int8", small)):
        counts = score(notes, found_spans(notes, run(model, tokenizer, notes), settings))
        print(f"{name} micro F1 {counts.micro[2]:.4f}, macro F1 {counts.macro:.4f}")


def export(trained, out, threshold=None):
    os.makedirs(out, exist_ok=True)
    write_weights(load_file(os.path.join(trained, "model.safetensors")), out)
    write_config(trained, out)
    write_tokenizer(trained, out)
    if os.path.exists(os.path.join(out, "anamnese.json")):
        os.remove(os.path.join(out, "anamnese.json"))
    model, tokenizer, _ = load(out)
    notes = read_parts()["validation"]
    dump(out, "anamnese.json", best_settings(notes, run(model, tokenizer, notes), threshold))
    size = sum(os.path.getsize(os.path.join(out, n)) for n in os.listdir(out))
    print(f"{out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("trained")
    p.add_argument("out")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--threshold", type=float, help="one for all labels, instead of what the validation part says")
    p.add_argument("--verify", nargs=2, metavar=("TEXTS", "JSONL"))
    o = p.parse_args()
    torch.set_num_threads(o.threads)
    inner = os.path.join(o.trained, "last")
    folder = inner if os.path.isdir(inner) else o.trained
    if o.verify:
        verify(folder, o.out, read_grouped(*o.verify))
    else:
        export(folder, o.out, o.threshold)
