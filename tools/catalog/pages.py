"""
Write the tables of docs/catalog.md and docs/cost.md anew from the catalog.

    python -m tools.catalog.pages            write
    python -m tools.catalog.pages --check    exit 1 when a page is out of date
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from genai_layers.catalog import accelerators, instances, models, prices
from genai_layers.catalog.tables import Confidence, load
from genai_layers.cost import PRICE_LIST
from genai_layers.cost.items import free

DOCS = Path(__file__).parents[2] / "docs"


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """
    A Markdown table.
    """
    names = list(headings)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def machines() -> str:
    """
    Every machine.
    """
    return table(
        ("type", "accelerators", "MiB", "NitroTPM", "Enclaves", "EFA", "NVMe GB", "bought as", "trust"),
        (
            (
                item.name,
                f"{item.accelerator_count} x {item.accelerator.name}"
                + (f" ({item.accelerator_fraction:g})" if item.accelerator_fraction != 1 else ""),
                item.accelerator_memory_mib,
                "yes" if item.nitro_tpm else "no",
                "yes" if item.enclaves else "no",
                item.efa_interfaces or "-",
                item.nvme_gb or "-",
                ", ".join(item.usage_classes),
                item.confidence,
            )
            for item in instances.every().values()
        ),
    )


def devices() -> str:
    """
    Every accelerator.
    """
    return table(
        ("accelerator", "MiB", "GB/s", "TFLOPS in 16 bits", "compute capability", "joined by", "weights", "trust"),
        (
            (
                item.name,
                item.memory_mib,
                f"{item.memory_gb_per_second:g}",
                f"{item.tflops:g}",
                item.compute_capability or "-",
                item.interconnect,
                ", ".join(item.precisions),
                item.confidence,
            )
            for item in accelerators.every().values()
        ),
    )


def served() -> str:
    """
    Every model.
    """
    return table(
        ("model", "parameters", "active", "weights GiB", "cache KiB a token", "context", "licence", "trust"),
        (
            (
                item.id,
                f"{item.parameters / 1e9:.1f} B",
                f"{item.active_parameters / 1e9:.1f} B",
                f"{item.weight_bytes() / 1024**3:.1f} in {item.precision}",
                item.kv_bytes_per_token // 1024,
                item.context,
                item.licence + (", gated" if item.gated else ""),
                item.confidence,
            )
            for item in models.every().values()
        ),
    )


def doubts() -> str:
    """
    Everything that nobody verified.
    """
    found = [
        *(("machine", item.name, "; ".join(item.notes)) for item in instances.every().values() if item.notes),
        *(
            ("accelerator", item.name, item.source)
            for item in accelerators.every().values()
            if _unsure(item.confidence)
        ),
    ]
    for line in prices.lines():
        row = load("prices")["rows"][line]
        if _unsure(Confidence(row["confidence"])):
            found.append(("price", line, row["source"]))
    return table(("what", "name", "why"), found)


def lines() -> str:
    """
    Every service line with its price.
    """
    rows = load("prices")["rows"]
    return table(
        ("line", "USD", "one", "where", "as of", "trust"),
        (
            (line, usd, row["unit"], where, row["as_of"], row["confidence"])
            for line, row in rows.items()
            if not line.startswith(("ec2:", "sagemaker:"))
            for where, usd in row["usd"].items()
        ),
    )


def types() -> str:
    """
    Resource types by whether somebody pays for them.
    """
    paid = sorted(kind for kind, pricer in PRICE_LIST.items() if pricer is not free)
    never = sorted(kind for kind, pricer in PRICE_LIST.items() if pricer is free)
    return "\n".join(
        [
            f"Priced, {len(paid)} types: {', '.join(f'`{kind}`' for kind in paid)}.",
            "",
            f"Never paid for, {len(never)} types: {', '.join(f'`{kind}`' for kind in never)}.",
        ]
    )


def _unsure(confidence: Confidence) -> bool:
    return confidence is Confidence.UNVERIFIED


PARTS: dict[str, tuple[tuple[str, Callable[[], str]], ...]] = {
    "catalog.md": (("machines", machines), ("accelerators", devices), ("models", served), ("doubts", doubts)),
    "cost.md": (("types", types), ("lines", lines)),
}


def rendered(name: str) -> str:
    """
    The page *name* with its tables made anew.
    """
    text = (DOCS / name).read_text("utf-8")
    for part, make in PARTS[name]:
        marked = re.compile(rf"(<!-- {part} -->\n).*?(\n<!-- /{part} -->)", re.DOTALL)
        if not marked.search(text):
            raise SystemExit(f"docs/{name} has no part <!-- {part} --> ... <!-- /{part} -->")
        text = marked.sub(lambda found, make=make: f"{found[1]}{make()}{found[2]}", text)  # type: ignore[misc]
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when a page is out of date")
    options = parser.parse_args()
    for name in PARTS:
        text = rendered(name)
        if options.check and text != (DOCS / name).read_text("utf-8"):
            raise SystemExit(f"docs/{name} is out of date: run python -m tools.catalog.pages")
        (DOCS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
