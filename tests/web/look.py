"""What a page looks and sounds like, measured in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = rgba(getComputedStyle(at).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255, 255];
    };
    const light = (color) => {
        const [r, g, b] = color.map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = {};
    for (const element of document.querySelectorAll("body *")) {
        const texts = [...element.childNodes].filter((node) => node.nodeType === 3);
        const text = texts.map((node) => node.data.trim()).join("");
        if (!text || element.closest(".unseen, .skip, [disabled], svg") || !element.checkVisibility()) continue;
        const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
        found[text.slice(0, 40)] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }
    return found;
}"""

_FOCUSABLE = frozenset({"button", "textbox", "link", "DisclosureTriangle", "meter", "img", "dialog", "log", "region"})


def contrasts(page: Page) -> dict[str, float]:
    """Return the contrast of every visible text with what is behind it, by its first words."""
    found: dict[str, float] = page.evaluate(_CONTRASTS)
    assert len(found) > 5
    return found


def unnamed_controls(page: Page) -> list[str]:
    """Return the controls that a screen reader could not name, by role, from the browser's accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    controls = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in _FOCUSABLE
    ]
    assert len(controls) > 2
    return [role for role, name in controls if not name]
