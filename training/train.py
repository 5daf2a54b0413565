"""Fine-tune the encoder as a multi-label token classifier (IO scheme, one sigmoid a group).

    python train.py BASE OUT --minutes 55
    python train.py BASE OUT --epochs 24

Writes OUT/last (the averaged weights after each epoch) and OUT/log.jsonl. Two cores with AVX-512 BF16 and tcmalloc
preloaded train about 1,300 tokens a second when nothing else runs.
"""
import argparse
import copy
import json
import os
import random
import time

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from corpus import INDEX, LABELS, read_grouped, read_parts
from decode import decode, note_logits, token_edges
from generate import Generator
from score import score


def build(base, dropout, attention_dropout, head_dropout):
    """The encoder of `base` with a fresh head of twelve outputs."""
    config = BertConfig.from_pretrained(
        base, num_labels=len(LABELS), id2label=dict(enumerate(LABELS)), label2id=INDEX,
        problem_type="multi_label_classification", hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=attention_dropout, classifier_dropout=head_dropout)
    return BertForTokenClassification.from_pretrained(base, config=config, attn_implementation="sdpa")


def encode(tokenizer, note):
    """(ids, targets [tokens, labels], weights): a token carries every label whose spans it overlaps."""
    encoding = tokenizer.encode(note.text, add_special_tokens=False)
    marks = np.zeros((len(note.text) + 1, len(LABELS)), np.int32)
    for start, end, label in note.spans:
        marks[start:end, INDEX[label]] = 1
    total = np.concatenate([np.zeros((1, len(LABELS)), np.int32), marks.cumsum(0)])
    edges = np.array(token_edges(encoding, note.text)).reshape(-1, 2)
    targets = (total[edges[:, 1]] - total[edges[:, 0]] > 0).astype(np.float32)
    return encoding.ids, targets, (edges[:, 1] > edges[:, 0]).astype(np.float32)


def cut(example, size, rng):
    """Windows of at most `size` tokens, special ones included, the first cut at a random place."""
    ids, targets, weights = example
    size -= 2
    if len(ids) <= size:
        return [example]
    pieces = -(-len(ids) // size)
    length = rng.randint(-(-len(ids) // pieces), size)
    return [(ids[i:i + length], targets[i:i + length], weights[i:i + length]) for i in range(0, len(ids), length)]


def batches(examples, budget, rng):
    """Groups of examples of like length, `budget` tokens each with padding."""
    order = sorted(examples, key=lambda e: len(e[0]) * rng.uniform(0.9, 1.1))
    groups, group, longest = [], [], 0
    for example in order:
        length = max(longest, len(example[0]) + 2)
        if group and length * (len(group) + 1) > budget:
            groups.append(group)
            group, length = [], len(example[0]) + 2
        group.append(example)
        longest = length
    if group:
        groups.append(group)
    rng.shuffle(groups)
    return groups


def collate(group):
    """Padded tensors."""
    width = max(len(ids) for ids, _t, _w in group) + 2
    ids = torch.full((len(group), width), 1)
    mask = torch.zeros((len(group), width), dtype=torch.long)
    targets = torch.zeros(len(group), width, len(LABELS))
    weights = torch.zeros(len(group), width)
    for row, (i, t, w) in enumerate(group):
        n = len(i)
        ids[row, :n + 2] = torch.tensor([0] + i + [2])
        mask[row, :n + 2] = 1
        targets[row, 1:n + 1] = torch.from_numpy(t)
        weights[row, 1:n + 1] = torch.from_numpy(w)
    return ids, mask if int(mask.min()) == 0 else None, targets, weights


def groups_of(model, o):
    """Parameter groups: no decay for biases and norms, less rate for lower layers if asked, more for the head."""
    layers, groups = model.config.num_hidden_layers, {}
    for name, p in model.named_parameters():
        depth = layers + 1
        if "embeddings" in name:
            depth = 0
        elif ".layer." in name:
            depth = 1 + int(name.split(".layer.")[1].split(".")[0])
        scale = o.layer_decay ** (layers + 1 - depth) * (o.head_rate if name.startswith("classifier") else 1)
        decay = 0.0 if p.ndim < 2 else o.decay
        groups.setdefault((scale, decay), []).append(p)
    return [{"params": ps, "scale": s, "weight_decay": d, "lr": o.lr * s} for (s, d), ps in groups.items()]


class Average:
    """An exponential moving average of the weights, its decay growing with the steps seen."""

    def __init__(self, model, decay):
        self.decay, self.seen = decay, 0
        self.params = [p for p in model.parameters()]
        self.values = [p.detach().clone() for p in self.params]

    def update(self, steps):
        self.seen += steps
        decay = min(self.decay, (1 + self.seen) / (10 + self.seen)) ** steps
        torch._foreach_lerp_(self.values, [p.detach() for p in self.params], 1 - decay)

    def model(self, like):
        out = copy.deepcopy(like)
        for p, v in zip(out.parameters(), self.values):
            p.data.copy_(v)
        return out.eval()


def quick_score(model, tokenizer, notes, threshold=0.5):
    """Micro and macro F1 at one threshold."""
    model.eval()
    found = []
    for note in notes:
        with torch.autocast("cpu", torch.bfloat16):
            edges, logits = note_logits(model, tokenizer, note.text)
        found.append(decode(note.text, edges, logits, threshold))
    counts = score(notes, found)
    return {"p": counts.micro[0], "r": counts.micro[1], "micro": counts.micro[2], "macro": counts.macro}


def loss_of(logits, targets, weights, smooth, positive):
    """Binary cross-entropy over tokens and labels."""
    if smooth:
        targets = targets * (1 - smooth) + smooth / 2
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, targets, reduction="none",
        pos_weight=torch.full((len(LABELS),), positive) if positive != 1 else None)
    return (each.mean(-1) * weights).sum() / weights.sum()


def take_step(model, optimizer, group, o, rate):
    """One update; gives the loss and the tokens seen."""
    for g in optimizer.param_groups:
        g["lr"] = o.lr * g["scale"] * rate
    ids, mask, targets, weights = collate(group)
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(input_ids=ids, attention_mask=mask).logits
    loss = loss_of(logits.float(), targets, weights, o.smooth, o.positive)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item(), ids.numel()


class Checker:
    """What the first worker does after each epoch: save the averaged weights, score them, write the log."""

    def __init__(self, model, tokenizer, o, checks):
        self.model, self.tokenizer, self.o, self.checks = model, tokenizer, o, checks
        self.log = open(os.path.join(o.out, "log.jsonl"), "a")

    def say(self, **row):
        print(json.dumps(row), flush=True)
        self.log.write(json.dumps(row) + "\n")
        self.log.flush()

    def after_epoch(self, average, row, last):
        smooth_model = average.model(self.model)
        folder = os.path.join(self.o.out, "last")
        smooth_model.save_pretrained(folder)
        self.tokenizer.save(os.path.join(folder, "tokenizer.json"), pretty=False)
        if last or row["epoch"] % self.o.check_every == 0:
            for name, held in self.checks.items():
                scores = quick_score(smooth_model, self.tokenizer, held)
                row[name] = {k: round(float(v), 4) for k, v in scores.items()}
        self.say(**row)


def work(rank, model, o, began, count):
    """One worker. All of them train the same shared weights without waiting for one another, each on its share of the
    batches and with optimizer moments of its own; the rate follows the clock or the first worker's epochs."""
    torch.manual_seed(o.seed + rank)
    torch.set_num_threads(max(1, o.threads // o.workers))
    tokenizer = Tokenizer.from_file(os.path.join(o.base, "tokenizer.json"))
    parts = read_parts()
    notes = parts["train"] + (parts["validation"] if o.all else [])
    generator, optimizer = Generator(notes), torch.optim.AdamW(groups_of(model, o), lr=o.lr, betas=(0.9, o.beta2),
                                                               fused=True)
    if rank == 0:
        average = Average(model, o.ema)
        checks = {"validation": parts["validation"], **({"dev": read_grouped(*o.dev)} if o.dev else {})}
        checker = Checker(model, tokenizer, o, checks)
        checker.say(options=vars(o), notes=len(notes), spans=sum(len(n.spans) for n in notes),
                    checks={k: len(v) for k, v in checks.items()})
    step, epoch, progress = 0, 0, 0.0
    while progress < 1:
        rng = random.Random(o.seed * 1000 + epoch)
        varied = generator.epoch(o.seed * 1000 + epoch, o.strength)
        examples = [piece for note in varied for piece in cut(encode(tokenizer, note), o.window, rng)]
        groups, losses = batches(examples, o.tokens, rng)[rank::o.workers], []
        model.train()
        for number, group in enumerate(groups):
            progress = max((time.time() - began) / 60 / o.minutes if o.minutes else 0,
                           (epoch + number / len(groups)) / o.epochs if o.epochs else 0)
            if progress >= 1:
                break
            rate = min(progress / o.warmup, (1 - progress) / (1 - o.warmup)) * (1 - o.floor) + o.floor
            loss, tokens = take_step(model, optimizer, group, o, rate)
            step += 1
            losses.append(loss)
            count[rank] += tokens
            if rank == 0 and step % 4 == 0:
                average.update(4)
        epoch += 1
        if rank == 0:
            minutes = (time.time() - began) / 60
            row = dict(epoch=epoch, step=step, progress=round(progress, 3),
                       loss=round(float(np.mean(losses or [0])), 5), tokens=int(count.sum()),
                       tokens_per_second=round(float(count.sum()) / 60 / minutes), minutes=round(minutes, 1))
            checker.after_epoch(average, row, progress >= 1)


def train(o):
    os.makedirs(o.out, exist_ok=True)
    torch.manual_seed(o.seed)
    model = build(o.base, o.dropout, o.attention_dropout, o.head_dropout).share_memory()
    count = torch.zeros(o.workers, dtype=torch.long).share_memory_()
    torch.multiprocessing.spawn(work, (model, o, time.time(), count), nprocs=o.workers)


def options():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("base")
    p.add_argument("out")
    p.add_argument("--minutes", type=float, default=0, help="stop, and let the rate fall to nothing, by the clock")
    p.add_argument("--epochs", type=float, default=0)
    p.add_argument("--lr", type=float, default=5e-4)
    p.add_argument("--floor", type=float, default=0.0, help="the share of the rate left at the end")
    p.add_argument("--warmup", type=float, default=0.06)
    p.add_argument("--beta2", type=float, default=0.98)
    p.add_argument("--decay", type=float, default=0.01)
    p.add_argument("--layer-decay", type=float, default=1.0)
    p.add_argument("--head-rate", type=float, default=1.0)
    p.add_argument("--tokens", type=int, default=1024, help="tokens a batch, padding included")
    p.add_argument("--window", type=int, default=256)
    p.add_argument("--dropout", type=float, default=0.0)
    p.add_argument("--attention-dropout", type=float, default=0.0)
    p.add_argument("--head-dropout", type=float, default=0.1)
    p.add_argument("--smooth", type=float, default=0.0)
    p.add_argument("--positive", type=float, default=1.0)
    p.add_argument("--ema", type=float, default=0.998)
    p.add_argument("--strength", type=float, default=1.0, help="how much the notes are varied; 0 leaves them")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2, help="of all workers together")
    p.add_argument("--workers", type=int, default=2, help="processes training the same weights, unsynchronised")
    p.add_argument("--check-every", type=int, default=2)
    p.add_argument("--all", action="store_true", help="train on the validation part too")
    p.add_argument("--dev", nargs=2, metavar=("TEXTS", "JSONL"), help="a further set to watch")
    return p.parse_args()


if __name__ == "__main__":
    train(options())
