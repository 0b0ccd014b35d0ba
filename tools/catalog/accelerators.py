"""
Write accelerators.json from the data sheets noted in overrides/accelerators.json.

    python -m tools.catalog.accelerators

No API gives bandwidth and arithmetic rates, so a person keeps the notes; memory is checked against instances.json.
"""

from __future__ import annotations

from tools.catalog import tables


def main() -> None:
    notes = tables.overrides("accelerators")
    rows = notes["rows"]
    faults = []
    for name, row in tables.read(tables.DATA / "instances.json")["rows"].items():
        each = row["accelerator_memory_mib"] / row["accelerator_count"] / row["accelerator_fraction"]
        known = rows.get(row["accelerator"])
        if known is None:
            faults.append(f"{name}: accelerator {row['accelerator']!r} has no note")
        elif abs(known["memory_mib"] - each) > 1:
            faults.append(f"{name}: {row['accelerator']} has {each} MiB, the note says {known['memory_mib']}")
    if faults:
        raise SystemExit("overrides/accelerators.json: " + "; ".join(faults))
    print(f"{len(rows)} accelerators written to {tables.write('accelerators', notes)}")


if __name__ == "__main__":
    main()
