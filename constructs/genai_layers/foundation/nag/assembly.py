"""The templates of a synthesized app, nested stacks included."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """
    One template on disk.

    Attributes:
        path: The file.
        region: Region that it is for; None when the stack does not say.
    """

    path: Path
    region: str | None


def template_files(context: cdk.IPolicyValidationContext) -> Iterator[TemplateFile]:
    """
    Yield the template of every stack and of every stack nested in it.

    The core hands plugins the templates of stacks only. Nested ones lie beside them as
    `*.nested.template.json`; the asset manifest tells those of this synth from leftovers of an older one.

    Args:
        context: What the core hands to a validation plugin.
    """
    seen: set[Path] = set()
    for stack in context.stack_templates:
        template = Path(stack.template_path)
        for path in (template, *_nested(template)):
            if path not in seen:
                seen.add(path)
                yield TemplateFile(path=path, region=stack.region)


def _nested(template: Path) -> list[Path]:
    manifest = template.with_name(template.name.replace(".template.json", ".assets.json"))
    if not manifest.is_file():
        return sorted(template.parent.glob("*.nested.template.json"))
    files = json.loads(manifest.read_text(encoding="utf-8")).get("files", {})
    names = {file.get("source", {}).get("path") or "" for file in files.values()}
    return [template.with_name(name) for name in sorted(names) if name.endswith(".nested.template.json")]
