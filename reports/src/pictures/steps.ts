/** Paths: for each step from or to a page, where sessions were. */

import { h } from "../dom.ts";
import { number } from "../format.ts";
import { column, numbers } from "../rows.ts";
import { bar } from "./bar.ts";
import type { Drawn } from "./drawn.ts";
import { scrolling, table } from "./table.ts";

const MOST_PAGES = 8;

/** Draw the steps beside each other. */
export function steps(drawn: Drawn): Node {
  const { answer, title } = drawn;
  const pages = column(answer, "page");
  const sessions = numbers(answer, "sessions");
  const rows = numbers(answer, "step").map((step, at) => ({
    step,
    page: pages[at],
    sessions: sessions[at] ?? 0,
  }));
  const columns = [...Map.groupBy(rows, ({ step }) => step)].map(([step, group]) => {
    const all = group.reduce((total, each) => total + each.sessions, 0);
    const items = group
      .slice(0, MOST_PAGES)
      .map((each) =>
        h(
          "li",
          { "data-value": each.sessions },
          h("span", { class: "event" }, each.page === null ? "(no page)" : `${each.page}`),
          bar(each.sessions, all),
          h("span", { class: "count" }, number("sessions", each.sessions)),
        ),
      );
    return h("section", {}, h("h3", {}, `Step ${step}`), h("ol", {}, ...items));
  });
  const below = h("details", {}, h("summary", {}, "As a table"), table(drawn));
  return h("figure", {}, scrolling(title, h("div", { class: "steps" }, ...columns)), below);
}
