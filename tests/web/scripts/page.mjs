// Where the scripts of the page are.
export const JS = new URL("../../../constructs/genai_layers/web/static/js/", import.meta.url);
