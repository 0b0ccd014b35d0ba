// Today's tokens against the budget.

import { element, show } from "./dom.js";

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {import("../usage.js").DailyUsage} usage @returns {{root: HTMLElement, show: () => void}} */
export function usageView(usage) {
  const root = element("div", { class: "usage" });
  return {
    root,
    show() {
      const tokens = usage.tokens.toLocaleString("en");
      const count = usage.isAtLeast ? `at least ${tokens}` : tokens;
      if (usage.limit === null) {
        show(root, element("span", {}, `${count} tokens today`));
        return;
      }
      const again = usage.resetsAt === null ? "" : `All are there again at ${TIME.format(new Date(usage.resetsAt))}.`;
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
        element("p", { class: "hint" }, again),
      );
    },
  };
}
