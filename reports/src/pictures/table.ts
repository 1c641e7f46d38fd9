/** A table: numbers to the right, the first hundred rows until the others are asked for. */

import type { Value } from "../api.ts";
import { h } from "../dom.ts";
import { heading, text } from "../format.ts";
import { column, matched, measures } from "../rows.ts";
import type { Drawn } from "./drawn.ts";

const FIRST_ROWS = 100;

interface Column {
  readonly name: string;
  readonly label: string;
  readonly isNumber: boolean;
  readonly values: readonly Value[];
}

/** Draw an answer as a table; compared, its first number has the one before beside it. */
export function table(drawn: Drawn): Node {
  const { answer, title } = drawn;
  const columns = columnsOf(drawn);
  const head = columns.map(({ label, isNumber }) =>
    h("th", { scope: "col", class: isNumber && "number" }, label),
  );
  const body = h("tbody");
  const fill = (count: number) => body.replaceChildren(...rows(drawn, columns, count));
  fill(FIRST_ROWS);
  const caption = h("caption", { class: "hidden" }, title);
  const made = scrolling(
    title,
    h("table", {}, caption, h("thead", {}, h("tr", {}, ...head)), body),
  );
  return answer.rows.length > FIRST_ROWS ? withMore(made, answer.rows.length, fill) : made;
}

/** Return content in a box that scrolls, by keyboard too. */
export function scrolling(label: string, content: Node): HTMLElement {
  const attributes = { class: "scrolls", role: "group", "aria-label": label, tabindex: 0 };
  return h("div", attributes, content);
}

function columnsOf({ answer, before }: Drawn): readonly Column[] {
  const numeric = measures(answer);
  return answer.columns.flatMap((name) => {
    const isNumber = numeric.includes(name);
    const its = { name, label: heading(name), isNumber, values: column(answer, name) };
    if (!before || name !== numeric[0]) return [its];
    return [its, { ...its, label: `${its.label} before`, values: matched(answer, before, name) }];
  });
}

function rows(drawn: Drawn, columns: readonly Column[], count: number): Node[] {
  return drawn.answer.rows
    .slice(0, count)
    .map((_, row) => h("tr", {}, ...columns.map((each) => cell(drawn, each, row))));
}

/** Return a cell; `data-value` has the value as the answer has it. */
function cell({ zone, timeline }: Drawn, { name, isNumber, values }: Column, row: number): Node {
  const value = values[row] ?? null;
  const shown = text(name, value, zone);
  const content = name === "person" ? h("a", { href: timeline(shown) }, shown) : shown;
  return h("td", { "data-value": JSON.stringify(value), class: isNumber && "number" }, content);
}

function withMore(made: Node, count: number, fill: (count: number) => void): Node {
  const label = `Show all ${count.toLocaleString("en")} rows`;
  const button = h("button", { type: "button" }, label);
  button.addEventListener("click", () => {
    fill(count);
    button.remove();
  });
  return h("div", {}, made, button);
}
