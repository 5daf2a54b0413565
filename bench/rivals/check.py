"""What transformers makes of a result folder: bench/checkTransformers.ts compares it with what Anamnese makes of it.

    check.py FOLDER QUESTIONS.json ANSWERS.json

The questions have texts and, for each, Anamnese's token ids. Writes transformers' own ids (null where the folder's
tokenizer is none that it loads), the logits of Anamnese's ids row by row, the outputs by their ids, and the weights that
the file lacks or has too many of.
"""

import json
import sys

import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer
from transformers.utils import logging


def main():
    folder, questions_file, answers_file = sys.argv[1:4]
    logging.disable_progress_bar()
    with open(questions_file, encoding="utf-8") as file:
        questions = json.load(file)
    model, info = AutoModelForTokenClassification.from_pretrained(folder, output_loading_info=True)
    model.eval()
    with torch.no_grad():
        logits = [model(torch.tensor([ids])).logits[0].flatten().tolist() for ids in questions["ids"]]
    answers = {
        "ids": token_ids(folder, questions["texts"]),
        "logits": logits,
        "outputs": [model.config.id2label[i] for i in range(model.config.num_labels)],
        "problemType": model.config.problem_type,
        "missing": sorted(info["missing_keys"]),
        "unexpected": sorted(info["unexpected_keys"]),
    }
    with open(answers_file, "w", encoding="utf-8") as file:
        json.dump(answers, file)


def token_ids(folder, texts):
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        print(f"{folder}: no tokenizer that transformers loads ({reason} …)", file=sys.stderr)
        return None
    return [tokenizer(text)["input_ids"] for text in texts]


main()
