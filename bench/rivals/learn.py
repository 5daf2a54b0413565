"""The rival of bench/learning.ts: fine-tunes an encoder with PyTorch and transformers, as our engine is told to.

    learn.py FOLDER CASE.json ANSWERS.json

FOLDER holds the encoder. The case has the steps of every epoch, each a list of windows (ids; targets [tokens][outputs]; what
each token counts in the step's loss), hyper-parameters under their names in src/core/train/settings/hyperParameters.ts, and
windows to answer. Writes the logits of these after each epoch, row by row.
"""

import json
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
    model = fresh_model(folder, case)
    epochs, seconds, begin = [], 0.0, time.perf_counter()
    for _ in train(model, case):
        seconds += time.perf_counter() - begin
        epochs.append(answers(model, case["questions"]))
        begin = time.perf_counter()
    with open(answers_file, "w", encoding="utf-8") as file:
        json.dump({"seconds": seconds, "epochs": epochs}, file)


def answers(model, questions):
    model.eval()
    with torch.no_grad():
        return [model(torch.tensor([ids])).logits[0].flatten().tolist() for ids in questions]


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


def train(model, case):
    """Yields after each epoch."""
    parameters = case["parameters"]
    optimiser = adamw(model, parameters["optimiser"])
    epochs = case["epochs"]
    for epoch, steps in enumerate(epochs):
        model.train()
        for index, windows in enumerate(steps):
            progress = (epoch + index / len(steps)) / len(epochs)
            for group in optimiser.param_groups:
                group["lr"] = parameters["learningRate"] * schedule(progress, parameters["warmUp"])
            optimiser.zero_grad()
            step_loss(model, windows, case["padding"]).backward()
            if parameters["maxGradientNorm"] is not None:
                torch.nn.utils.clip_grad_norm_(model.parameters(), parameters["maxGradientNorm"])
            optimiser.step()
        yield epoch


def adamw(model, given):
    """Matrices decay, vectors do not."""
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": given["decay"]},
        {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, betas=(given["beta1"], given["beta2"]), eps=given["epsilon"])


def schedule(progress, warm_up):
    return progress / warm_up if progress < warm_up else (1 - progress) / (1 - warm_up)


def step_loss(model, windows, padding):
    """Summed over outputs and over the tokens by their weights."""
    length = max(len(window["ids"]) for window in windows)
    fill = lambda values, empty: values + [empty] * (length - len(values))
    ids = torch.tensor([fill(window["ids"], padding) for window in windows])
    mask = torch.tensor([fill([1] * len(window["ids"]), 0) for window in windows])
    none = [0] * len(windows[0]["targets"][0])
    targets = torch.tensor([fill(window["targets"], none) for window in windows], dtype=torch.float)
    weights = torch.tensor([fill(window["weights"], 0) for window in windows], dtype=torch.float)
    logits = model(input_ids=ids, attention_mask=mask).logits
    losses = binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(-1)
    return (losses * weights).sum()


if __name__ == "__main__":
    main()
