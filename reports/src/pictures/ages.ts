/** How old the newest row of each app is, by the clock of the machine that answered. */

import { clock } from "../days.ts";
import { h } from "../dom.ts";
import { duration } from "../format.ts";
import { column } from "../rows.ts";
import type { Drawn } from "./drawn.ts";
import { table } from "./table.ts";

/** Draw a tile for each app. */
export function ages(drawn: Drawn): Node {
  const { answer, zone } = drawn;
  const loaded = column(answer, "newest_load_time");
  const happened = column(answer, "newest_event_time");
  const apps = column(answer, "app_id").map((app, at) =>
    h(
      "div",
      {},
      h("dt", {}, `${app}`),
      h("dd", {}, `${age(answer.as_of, happened[at])} old`),
      h("dd", { class: "before" }, `last commit at ${clock(zone, new Date(`${loaded[at]}`))}`),
    ),
  );
  return h("div", {}, h("dl", { class: "tiles" }, ...apps), table(drawn));
}

function age(asOf: string, moment: unknown): string {
  return duration(Math.max(0, Math.round((Date.parse(asOf) - Date.parse(`${moment}`)) / 1000)));
}
