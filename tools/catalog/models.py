"""
Write models.json from the config.json files of model repositories.

    python -m tools.catalog.models --as-of 2026-11-25 --configs FOLDER

FOLDER holds ``<organization>--<name>_config.json`` files, as downloaded from the repositories.
What a config.json does not say (licence, published parameter count) is kept in overrides/models.json, as is the
configuration of a model whose file was not at hand; such a row is marked C.
A model that has neither keeps the row that models.json holds already.
Each published count is checked against the count that the dimensions give.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tools.catalog import tables

# How far the dimensions may be from the published count: norms and biases are not in the formula.
_TOLERANCE = 0.02


def configuration(note: dict[str, Any], folder: Path | None) -> tuple[dict[str, Any] | None, bool]:
    """
    The configuration of one model, if there is one, and whether it was read from a file.
    """
    repository = note.get("config_of", note["repository"])
    path = folder / f"{repository.replace('/', '--')}_config.json" if folder else None
    if path is not None and path.exists():
        return tables.read(path), True
    return note.get("config"), False


def dimensions(config: dict[str, Any]) -> dict[str, Any]:
    """
    What sizing needs of a configuration.
    """
    layers, heads = config["num_hidden_layers"], config["num_attention_heads"]
    latent = config.get("kv_lora_rank")
    sliding = config.get("sliding_layers", (config.get("layer_types") or []).count("sliding_attention"))
    return {
        "layers": layers,
        "hidden_size": config["hidden_size"],
        "attention_heads": heads,
        "kv_heads": config["num_key_value_heads"],
        "head_dim": config.get("head_dim") or config["hidden_size"] // heads,
        "latent_dim": latent + config["qk_rope_head_dim"] if latent else None,
        "sliding_layers": sliding,
        "sliding_window": config["sliding_window"] if sliding else None,
        "vocabulary": config["vocab_size"],
        "context": config["max_position_embeddings"],
    }


def counted(config: dict[str, Any], size: dict[str, Any]) -> int:
    """
    Parameters that the dimensions give: attention, gated feed-forward (of every expert), embeddings.
    """
    hidden, head = size["hidden_size"], size["head_dim"]
    attention = 2 * hidden * head * (size["attention_heads"] + size["kv_heads"])
    experts = config.get("num_experts") or config.get("num_local_experts") or 1
    inner = config.get("moe_intermediate_size") if experts > 1 else None
    forward = 3 * hidden * (inner or config["intermediate_size"]) * experts + (hidden * experts if experts > 1 else 0)
    tables_of_words = 1 if config.get("tie_word_embeddings") else 2
    return int(size["layers"] * (attention + forward) + tables_of_words * hidden * size["vocabulary"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date on which the files were read")
    parser.add_argument("--configs", type=Path, help="folder of config.json files")
    options = parser.parse_args()
    notes = tables.overrides("models")
    kept = tables.read(tables.DATA / "models.json")["rows"]
    rows, faults = {}, []
    for name, note in sorted(notes["rows"].items()):
        config, is_read = configuration(note, options.configs)
        if config is None:
            if name in kept:
                rows[name] = kept[name]
            else:
                faults.append(f"{name}: no config.json in --configs and no 'config' in overrides/models.json")
            continue
        size = dimensions(config)
        expected = counted(config, size) + note.get("other_parameters", 0)
        if "parameters_unchecked" not in note and abs(expected / note["parameters"] - 1) > _TOLERANCE:
            faults.append(f"{name}: published {note['parameters']:,}, dimensions give {expected:,}")
        rows[name] = {
            "repository": note["repository"],
            "parameters": note["parameters"],
            "active_parameters": note.get("active_parameters", note["parameters"]),
            **size,
            "context": note.get("context", size["context"]),
            "precision": note["precision"],
            "checkpoint_bytes": note.get("checkpoint_bytes"),
            "licence": note["licence"],
            "gated": note["gated"],
            "source": f"config.json of {note.get('config_of', note['repository'])}" if is_read else notes["source"],
            "as_of": options.as_of if is_read else notes["as_of"],
            "confidence": "B" if is_read else "C",
        }
    if faults:
        raise SystemExit("; ".join(faults))
    table = {"source": notes["source"], "as_of": options.as_of, "rows": rows}
    print(f"{len(rows)} models written to {tables.write('models', table)}")


if __name__ == "__main__":
    main()
