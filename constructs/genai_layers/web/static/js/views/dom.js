// Making elements out of text and other elements; nothing here takes HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Record<string, any>} [properties] `class`, `data-*`, `aria-*` and `on*` too.
 * @param {...(Node | string | null | false)} children
 * @returns {any}
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child) made.append(child);
  return made;
}

/**
 * @param {{side: number, path: string}} outline
 * @param {string} label What the picture means.
 * @returns {SVGSVGElement}
 */
export function picture(outline, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${outline.side} ${outline.side}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", outline.path);
  svg.append(path);
  return svg;
}

/** Put *content* into *place* instead of what is there. @param {Element} place @param {...Node} content */
export function show(place, ...content) {
  place.replaceChildren(...content);
}
