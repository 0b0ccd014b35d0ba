"""
Tunes a word-count classifier: small enough for any machine, and with every habit of a large trainer.

It reads `train` and `base_model`, goes on from its last checkpoint, and writes the model to `OUTPUT_DIR`.
"""

import json
import os
from collections import Counter
from pathlib import Path

INPUT, OUTPUT, CHECKPOINTS = (Path(os.environ[f"{name}_DIR"]) for name in ("INPUT", "OUTPUT", "CHECKPOINT"))


def hyperparameters() -> dict[str, str]:
    """What the pipeline set, as SageMaker lays it down."""
    file = INPUT.parent / "config" / "hyperparameters.json"
    values: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return values


def records() -> list[tuple[list[str], str]]:
    """Words and answer of every train record."""
    lines = [
        line for file in sorted((INPUT / "train").glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    return [(json.loads(line)["prompt"].lower().split(), json.loads(line)["completion"]) for line in lines]


def main() -> None:
    """Train, a checkpoint an epoch."""
    epochs = int(float(hyperparameters().get("epochs", "1")))
    checkpoint = CHECKPOINTS / "state.json"
    if checkpoint.is_file():
        state = json.loads(checkpoint.read_text("utf-8"))
    else:
        state = {"epoch": 0, "words": json.loads((INPUT / "base_model" / "model.json").read_text("utf-8"))}
    counts = {answer: Counter(words) for answer, words in state["words"].items()}
    for epoch in range(state["epoch"], epochs):
        for words, answer in records():
            counts.setdefault(answer, Counter()).update(words)
        CHECKPOINTS.mkdir(parents=True, exist_ok=True)
        checkpoint.write_text(json.dumps({"epoch": epoch + 1, "words": counts}), "utf-8")
        print(f"epoch={epoch + 1} answers={len(counts)}")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "model.json").write_text(json.dumps(counts, sort_keys=True), "utf-8")


main()
