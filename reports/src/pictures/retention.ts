/** The grid of retention: a row for each cohort, a column for each later period. */

import type { Answer } from "../api.ts";
import { h } from "../dom.ts";
import { number } from "../format.ts";
import { column, numbers } from "../rows.ts";
import type { Drawn } from "./drawn.ts";
import { scrolling } from "./table.ts";

interface Cell {
  readonly cohort: string;
  readonly people: number;
  readonly returned: number;
  readonly share: number | null;
  readonly isRunning: boolean;
}

/** Draw the grid. */
export function retention({ answer, title }: Drawn): Node {
  const cohorts = [...Map.groupBy(cells(answer), ({ cohort }) => cohort)];
  const most = Math.max(...cohorts.map(([, row]) => row.length));
  const numbered = Array.from({ length: most }, (_, n) => h("th", { scope: "col" }, `${n}`));
  const head = h(
    "tr",
    {},
    ...["Cohort", "People"].map((each) => h("th", { scope: "col" }, each)),
    ...numbered,
  );
  const body = cohorts.map(([cohort, row]) => drawCohort(cohort, row));
  const caption = h(
    "caption",
    {},
    "Share of each cohort by periods later; a period in italics has not ended.",
  );
  return scrolling(
    title,
    h("table", { class: "retention" }, caption, h("thead", {}, head), h("tbody", {}, ...body)),
  );
}

function drawCohort(cohort: string, row: readonly Cell[]): Node {
  const people = row[0]?.people ?? 0;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, cohort),
    h("td", { class: "number", "data-value": people }, number("people", people)),
    ...row.map(drawCell),
  );
}

function drawCell({ share, returned, isRunning }: Cell): Node {
  const shown = share === null ? "–" : number("share", share);
  const told = {
    class: isRunning ? "share running" : "share",
    "data-value": returned,
    title: `${returned} people`,
  };
  const made = h("td", told, shown);
  made.style.setProperty("--share", `${share ?? 0}`);
  return made;
}

function cells(answer: Answer): readonly Cell[] {
  const people = numbers(answer, "people");
  const returned = numbers(answer, "returned");
  const share = numbers(answer, "share");
  const isRunning = column(answer, "is_running");
  return column(answer, "cohort").map((cohort, row) => ({
    cohort: `${cohort}`,
    people: people[row] ?? 0,
    returned: returned[row] ?? 0,
    share: share[row] ?? null,
    isRunning: isRunning[row] === true,
  }));
}
