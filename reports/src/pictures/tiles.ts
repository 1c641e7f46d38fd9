/** Numbers of the whole range, each with what it was before. */

import type { Answer } from "../api.ts";
import { h } from "../dom.ts";
import { compared, number } from "../format.ts";
import type { Tile } from "../reports.ts";
import { sum } from "../rows.ts";
import type { Drawn } from "./drawn.ts";

/** Draw tiles. */
export function tiles({ answer, before }: Drawn, drawn: readonly Tile[]): Node {
  return h("dl", { class: "tiles" }, ...drawn.map((tile) => drawTile(tile, answer, before)));
}

function drawTile(tile: Tile, answer: Answer, before: Answer | undefined): Node {
  const now = valueIn(tile, answer);
  const was = before && valueIn(tile, before);
  const shown = now === null ? "–" : number(unit(tile), now);
  const children = [h("dt", {}, tile.label), h("dd", { "data-value": JSON.stringify(now) }, shown)];
  if (was !== undefined)
    children.push(h("dd", { class: "before" }, compared(unit(tile), now, was)));
  return h("div", {}, ...children);
}

function valueIn({ column, per }: Tile, answer: Answer): number | null {
  const total = sum(answer, column);
  const over = per === undefined ? 1 : sum(answer, per);
  return total === null || !over ? null : total / over;
}

/** A rate is a share; a number of things per thing is a number. */
function unit({ label, column, per }: Tile): string {
  return per === undefined ? column : label.toLowerCase().replaceAll(" ", "_");
}
