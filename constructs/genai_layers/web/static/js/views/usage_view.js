// Today's tokens against the budget.

import { element, show } from "./dom.js";

/** @param {import("../usage.js").DailyUsage} usage @returns {{root: HTMLElement, show: () => void}} */
export function usageView(usage) {
  const root = element("div", { class: "usage", title: "From the conversations that are kept; days are those of UTC." });
  return {
    root,
    show() {
      const tokens = usage.tokens.toLocaleString("en");
      const count = usage.isAtLeast ? `at least ${tokens}` : tokens;
      if (usage.limit === null) {
        show(root, element("span", {}, `${count} tokens today`));
        return;
      }
      const label = `${count} of ${usage.limit.toLocaleString("en")} tokens today`;
      show(
        root,
        element("label", { for: "usage-meter" }, label),
        element("meter", {
          id: "usage-meter",
          min: 0,
          max: usage.limit,
          high: usage.limit * 0.8,
          value: Math.min(usage.tokens, usage.limit),
        }),
      );
    },
  };
}
