"""The rival of bench/train.ts and bench/gpu.ts: one case in PyTorch and transformers.

    train.py FOLDER CASE_AS_JSON

FOLDER holds the encoder's config.json and weights. A training step is what transformers' Trainer does in one: forward,
backward, clipping, AdamW. Prints the median seconds of a step, the total of all but the first, and the peak memory as one
line of JSON.
"""

import json
import resource
import statistics
import sys
import time

import torch
from transformers import AutoModelForTokenClassification


def main():
    folder, case = sys.argv[1], json.loads(sys.argv[2])
    cuda = case["device"] == "cuda"
    if case.get("threads"):
        torch.set_num_threads(case["threads"])
    torch.manual_seed(1)
    model = AutoModelForTokenClassification.from_pretrained(folder)
    if case["task"] == "predict" and case["precision"] == "fp16":
        model = model.half()
    device = torch.device(case["device"])
    model = model.to(device)
    size = (case["batch"], case["length"])
    ids = torch.randint(5, model.config.vocab_size, size, device=device)
    mask = torch.ones_like(ids)
    targets = (torch.rand(*size, model.config.num_labels, device=device) < 0.1).float()
    autocast = torch.autocast(case["device"], torch.bfloat16, enabled=case["precision"] == "bf16")
    step = training_step if case["task"] == "train" else prediction
    run = step(model, ids, mask, targets, autocast, case.get("accumulate", 1))
    seconds = []
    for _ in range(case["steps"] + 1):
        begin = time.perf_counter()
        run()
        if cuda:
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - begin)
    measured = seconds[1:]
    timing = {"seconds": statistics.median(measured), "total": sum(measured)}
    print(json.dumps({**timing, "megabytes": peak_megabytes(cuda)}))


def peak_megabytes(cuda):
    if cuda:
        return torch.cuda.max_memory_allocated() / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts in bytes, Linux in KiB.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def training_step(model, ids, mask, targets, autocast, accumulate):
    """A batch; every so many of them update the weights."""
    model.train()
    batches = 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5)

    def run():
        nonlocal batches
        batches += 1
        with autocast:
            logits = model(input_ids=ids, attention_mask=mask).logits
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), targets, reduction="sum")
        (loss / mask.sum()).backward()
        if batches % accumulate:
            return
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()

    return run


def prediction(model, ids, mask, _targets, autocast, _accumulate):
    model.eval()

    def run():
        with torch.inference_mode(), autocast:
            model(input_ids=ids, attention_mask=mask).logits.float().cpu()

    return run


if __name__ == "__main__":
    main()
