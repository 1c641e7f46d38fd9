/** A funnel: a bar for each step, and how many were lost on the way to it. */

import { h } from "../dom.ts";
import { compared, number } from "../format.ts";
import { column, numbers } from "../rows.ts";
import { bar } from "./bar.ts";
import type { Drawn } from "./drawn.ts";
import { table } from "./table.ts";

/** Draw a funnel. */
export function funnel(drawn: Drawn): Node {
  const { answer, before } = drawn;
  const users = numbers(answer, "users");
  const was = before && numbers(before, "users");
  const steps = column(answer, "event").map((event, at) =>
    h(
      "li",
      {},
      h("span", { class: "event" }, `${event}`),
      bar(users[at] ?? 0, users[0] ?? 0),
      h("span", { class: "count" }, told(users, at, was?.[at])),
    ),
  );
  const below = h("details", {}, h("summary", {}, "As a table"), table(drawn));
  return h("figure", {}, h("ol", { class: "funnel" }, ...steps), below);
}

function told(
  users: readonly (number | null)[],
  at: number,
  was: number | null | undefined,
): string {
  const here = users[at] ?? 0;
  const share = at > 0 && users[0] ? `, ${number("share", here / users[0])} of the first step` : "";
  const lost = at > 0 ? `, ${number("users", (users[at - 1] ?? 0) - here)} lost` : "";
  const before = was === undefined ? "" : ` (${compared("users", here, was)})`;
  return `${number("users", here)} ${here === 1 ? "person" : "people"}${share}${lost}${before}`;
}
