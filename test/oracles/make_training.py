"""Writes what PyTorch computes while it trains the tiny encoders of encoders/.

    python3 test/oracles/make_training.py

Made with torch 2.13 and transformers 5.23 (the masked language models: 5.24). For each encoder
training/NAME.safetensors holds a batch with its targets and weights, the loss and every gradient of it, and, after ten
steps of AdamW with clipping, decay and a linear rate, the losses on the way and the final weights. Dropout is off.
Masked language models learn `labels`, -100 where nothing is to be guessed; their loss is transformers' own.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForMaskedLM, AutoModelForTokenClassification

ROOT = Path(__file__).parent
NAMES = ["bert", "bert-gelu-new", "modernbert", "modernbert-biased"]
MASKED_NAMES = ["bert-masked-lm", "modernbert-masked-lm"]
# Lengths of the texts of a masked language model's batch, in tokens.
LENGTHS = [23, 9, 17]
STEPS, RATE, DECAY, CLIP = 10, 5e-3, 0.1, 1.0


def batch(oracle, outputs):
    """Ids and mask of the inference oracle; targets and token weights, zero for padding and every fifth token."""
    generator = torch.Generator().manual_seed(5)
    ids, mask = torch.tensor(oracle["ids"]), torch.tensor(oracle["mask"])
    targets = (torch.rand(*ids.shape, outputs, generator=generator) < 0.3).float()
    weights = torch.rand(ids.shape, generator=generator) * mask / mask.sum()
    weights[:, ::5] = 0
    positive = torch.rand(outputs, generator=generator) * 3 + 0.2
    return ids, mask, targets, weights, positive


def loss_of(model, ids, mask, targets, weights, positive):
    logits = model(input_ids=ids, attention_mask=mask).logits
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, targets, pos_weight=positive, reduction="none"
    )
    return (each.sum(-1) * weights).sum()


def masked_batch():
    """Random ids, of which every fourth is to be guessed: hidden, replaced or left by turns."""
    generator = torch.Generator().manual_seed(6)
    mask = torch.tensor([[1] * n + [0] * (max(LENGTHS) - n) for n in LENGTHS])
    ids = torch.randint(3, 120, mask.shape, generator=generator) * mask
    labels = torch.full_like(ids, -100)
    labels[:, 1::4] = ids[:, 1::4]
    labels[mask == 0] = -100
    ids[:, 1::8] = 4
    ids[:, 5::16] = 50
    return ids * mask, mask, labels


def masked_loss_of(model, ids, mask, labels):
    return model(input_ids=ids, attention_mask=mask, labels=labels).loss


def short(name):
    return name.removeprefix("bert.").removeprefix("model.")


def train(model, loss_of_batch):
    """The first gradients, losses, norms and final weights of ten steps."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY, betas=(0.9, 0.999))
    out, losses, norms = {}, [], []
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / STEPS)
        optimiser.zero_grad()
        loss = loss_of_batch(model)
        loss.backward()
        if step == 0:
            out.update({f"gradient.{short(n)}": p.grad.clone() for n, p in model.named_parameters()})
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP))
        losses.append(loss.detach())
        optimiser.step()
    out.update({f"final.{short(n)}": p.detach().clone() for n, p in model.named_parameters()})
    out.update(losses=torch.stack(losses), norms=torch.stack(norms))
    return out


def save(name, out):
    (ROOT / "training").mkdir(exist_ok=True)
    save_file(out, ROOT / "training" / f"{name}.safetensors")


def main():
    for name in NAMES:
        folder = ROOT / "encoders" / name
        oracle = json.loads((folder / "oracle.json").read_text())
        # eager: the masked scores of a fused kernel differ in the last digits
        model = AutoModelForTokenClassification.from_pretrained(folder, attn_implementation="eager").eval()
        data = batch(oracle, model.config.num_labels)
        out = train(model, lambda model: loss_of(model, *data))
        ids, _mask, targets, weights, positive = data
        save(name, {**out, "ids": ids.int(), "targets": targets.to(torch.uint8), "weights": weights, "positive": positive})
    for name in MASKED_NAMES:
        model = AutoModelForMaskedLM.from_pretrained(ROOT / "encoders" / name, attn_implementation="eager").eval()
        data = masked_batch()
        out = train(model, lambda model: masked_loss_of(model, *data))
        ids, mask, labels = data
        save(name, {**out, "ids": ids.int(), "mask": mask.int(), "labels": labels.int()})


if __name__ == "__main__":
    main()
