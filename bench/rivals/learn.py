"""The rival of bench/learning.ts: fine-tunes an encoder with PyTorch and transformers, as our engine is told to.

    learn.py FOLDER CASE.json ANSWERS.json

FOLDER holds the encoder. The case has windows (ids; of those to learn from, targets [tokens][outputs] and the tokens
that count), hyper-parameters under their names in src/core/train/settings/hyperParameters.ts, and windows to answer. Writes the
logits of these, row by row.
"""

import json
import random
import sys
import time

import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import AutoConfig, AutoModelForTokenClassification


def main():
    folder, case_file, answers_file = sys.argv[1:4]
    with open(case_file, encoding="utf-8") as file:
        case = json.load(file)
    torch.manual_seed(case["seed"])
    random.seed(case["seed"])
    model = fresh_model(folder, case)
    begin = time.perf_counter()
    train(model, case["windows"], case["parameters"], case["padding"])
    seconds = time.perf_counter() - begin
    model.eval()
    with torch.no_grad():
        answers = [model(torch.tensor([ids])).logits[0].flatten().tolist() for ids in case["questions"]]
    with open(answers_file, "w", encoding="utf-8") as file:
        json.dump({"seconds": seconds, "logits": answers}, file)


def fresh_model(folder, case):
    """With the case's dropout; the classifier's is a setting of its own, whatever the encoder."""
    dropout = case["dropout"]
    config = AutoConfig.from_pretrained(
        folder,
        num_labels=case["outputs"],
        hidden_dropout_prob=dropout["hidden"],
        attention_probs_dropout_prob=dropout["attention"],
        classifier_dropout=dropout["classifier"],
    )
    return AutoModelForTokenClassification.from_pretrained(folder, config=config)


def train(model, windows, parameters, padding):
    optimiser = adamw(model, parameters["optimiser"])
    epochs = parameters["epochs"]
    for epoch in range(epochs):
        model.train()
        batches = drawn(windows, parameters["batching"])
        for step, batch in enumerate(batches):
            rate = parameters["learningRate"] * schedule((epoch + step / len(batches)) / epochs, parameters["warmUp"])
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = batch_loss(model, batch, padding)
            optimiser.zero_grad()
            loss.backward()
            if parameters["maxGradientNorm"] is not None:
                torch.nn.utils.clip_grad_norm_(model.parameters(), parameters["maxGradientNorm"])
            optimiser.step()


def adamw(model, given):
    """Matrices decay, vectors do not."""
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": given["decay"]},
        {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, betas=(given["beta1"], given["beta2"]), eps=given["epsilon"])


def schedule(progress, warm_up):
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)


def drawn(windows, batching):
    """Batches of so many windows, drawn by chance; or of so many tokens, of neighbours in length."""
    order = random.sample(windows, len(windows))
    if batching["by"] == "notes":
        return [order[i : i + batching["size"]] for i in range(0, len(order), batching["size"])]
    if batching["buckets"] == "epoch":
        order.sort(key=lambda window: len(window["ids"]) * random.uniform(0.9, 1.1))
    batches = []
    for window in order:
        longest = max([len(window["ids"])] + [len(other["ids"]) for other in batches[-1]] if batches else [0])
        if batches and longest * (len(batches[-1]) + 1) <= batching["size"]:
            batches[-1].append(window)
        else:
            batches.append([window])
    return random.sample(batches, len(batches))


def batch_loss(model, batch, padding):
    """Summed over outputs, mean over the tokens that count."""
    length = max(len(window["ids"]) for window in batch)
    fill = lambda values, empty: values + [empty] * (length - len(values))
    ids = torch.tensor([fill(window["ids"], padding) for window in batch])
    mask = torch.tensor([fill([1] * len(window["ids"]), 0) for window in batch])
    none = [0] * len(batch[0]["targets"][0])
    targets = torch.tensor([fill(window["targets"], none) for window in batch], dtype=torch.float)
    counts = torch.tensor([fill(window["counts"], 0) for window in batch], dtype=torch.float)
    logits = model(input_ids=ids, attention_mask=mask).logits
    losses = binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(-1)
    return (losses * counts).sum() / counts.sum()


if __name__ == "__main__":
    main()
