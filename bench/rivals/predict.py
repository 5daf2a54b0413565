"""The rival of bench/predict.ts: transformers' token classification pipeline on PyTorch, on the CPU.

    predict.py prepare MODEL COPY               a single-precision copy of an eight-bit checkpoint
    predict.py measure MODEL NOTES BATCH        answers each line "from to" with the seconds that these notes take, and
                                                the end of its input with the peak memory; all as lines of JSON
    predict.py logits MODEL NOTES OUT           token ids and logits of each note, for comparison

NOTES is a JSON array of texts.
"""

import json
import resource
import shutil
import sys
import time
from pathlib import Path

WARM_UP_NOTES = 8


def prepare(model: Path, copy: Path) -> None:
    """Multiplies eight-bit rows by their scales, as compressed-tensors' `int-quantized` layout has them."""
    from safetensors.torch import load_file, save_file

    weights = load_file(model / "model.safetensors")
    scales = {name: weights.pop(name) for name in list(weights) if name.endswith("_scale")}
    for name, scale in scales.items():
        weight = name.removesuffix("_scale")
        weights[weight] = weights[weight].float() * scale
    copy.mkdir(parents=True, exist_ok=True)
    for file in model.glob("*.json"):
        shutil.copy(file, copy)
    config = json.loads((model / "config.json").read_text())
    config.pop("quantization_config", None)
    (copy / "config.json").write_text(json.dumps(config))
    save_file({name: weight.float().contiguous() for name, weight in weights.items()}, copy / "model.safetensors", {"format": "pt"})


def load(model: Path):
    """The pipeline with its own tokenizing, truncating, batching and forward pass.

    Its last step assumes that a token has one label. Ours may have several, so a sigmoid takes its place, and the
    rival is spared the Python loop that makes entities of tokens.
    """
    from transformers import AutoModelForTokenClassification, AutoTokenizer, TokenClassificationPipeline

    class MultiLabelPipeline(TokenClassificationPipeline):
        def postprocess(self, all_outputs, *_, **__):
            return [(outputs["input_ids"], outputs["logits"], outputs["logits"].sigmoid()) for outputs in all_outputs]

    tokenizer = AutoTokenizer.from_pretrained(model)
    return MultiLabelPipeline(model=AutoModelForTokenClassification.from_pretrained(model).eval(), tokenizer=tokenizer)


def measure(model: Path, notes: list[str], batch: int) -> None:
    started = time.perf_counter()
    pipeline = load(model)
    loaded = time.perf_counter()
    pipeline(notes[:WARM_UP_NOTES], batch_size=batch)
    print(json.dumps({"loadSeconds": loaded - started}), flush=True)
    for line in sys.stdin:
        first, end = map(int, line.split())
        begin, cpu = time.perf_counter(), time.process_time()
        pipeline(notes[first:end], batch_size=batch)
        seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts in bytes, Linux in KiB.
    peak_bytes = peak if sys.platform == "darwin" else peak * 1024
    print(json.dumps({"peakBytes": peak_bytes}))


def logits(model: Path, notes: list[str], out: Path) -> None:
    results = [result[0] for result in load(model)(notes, batch_size=1)]
    out.write_text(json.dumps([{"ids": ids[0].tolist(), "logits": values[0].flatten().tolist()} for ids, values, _ in results]))


if __name__ == "__main__":
    command, model, target, *rest = sys.argv[1:]
    if command == "prepare":
        prepare(Path(model), Path(target))
    else:
        texts = json.loads(Path(target).read_text("utf-8"))
        if command == "measure":
            measure(Path(model), texts, int(rest[0]))
        else:
            logits(Path(model), texts, Path(rest[0]))
