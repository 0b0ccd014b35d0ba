"""The `genai-layers` command: one small file a subcommand, gathered here."""

from __future__ import annotations

import typer

from genai_layers.cli import cost, doctor, evaluate, leftovers, preflight, seal, size

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Facts, prices and checks for genai_layers.")
app.command("cost")(cost.cost)
app.command("size")(size.size)
app.command("preflight")(preflight.preflight)
app.command("doctor")(doctor.doctor)
app.command("evaluate")(evaluate.evaluate)
app.command("leftovers")(leftovers.list_leftovers)
app.command("seal")(seal.seal)
