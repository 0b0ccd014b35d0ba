"""Measures the base model and the tuned model on the same held-out records."""

import json
import math
import os
from pathlib import Path

INPUT, OUTPUT = (Path(os.environ[f"{name}_DIR"]) for name in ("INPUT", "OUTPUT"))


def answer(model: dict[str, dict[str, int]], prompt: str) -> str:
    """The answer whose words are most like those of the prompt."""

    def likeness(counts: dict[str, int]) -> float:
        total = sum(counts.values()) + len(counts) + 1
        return sum(math.log((counts.get(word, 0) + 1) / total) for word in prompt.lower().split())

    return max(sorted(model), key=lambda name: likeness(model[name]))


def main() -> None:
    """Write `evaluation.json`."""
    files = sorted((INPUT / "held_out").glob("*.jsonl"))
    held_out = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    result: dict[str, object] = {"records": len(held_out)}
    for name, channel in (("base", "base_model"), ("tuned", "tuned_model")):
        model = json.loads((INPUT / channel / "model.json").read_text("utf-8"))
        right = sum(answer(model, record["prompt"]) == record["completion"] for record in held_out)
        result[name] = {"accuracy": right / len(held_out)}
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "evaluation.json").write_text(json.dumps(result), "utf-8")
    print(result)


main()
