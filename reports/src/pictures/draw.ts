/** A picture by its kind. */

import type { Picture } from "../reports.ts";
import { ages } from "./ages.ts";
import { chart } from "./chart.ts";
import type { Drawn } from "./drawn.ts";
import { funnel } from "./funnel.ts";
import { retention } from "./retention.ts";
import { steps } from "./steps.ts";
import { table } from "./table.ts";
import { tiles } from "./tiles.ts";

/** Draw an answer as the report declares. */
export function draw(picture: Picture, drawn: Drawn): Node {
  switch (picture.kind) {
    case "tiles":
      return tiles(drawn, picture.tiles);
    case "lines":
    case "columns":
      return chart(drawn, picture);
    case "bars":
      return chart(drawn, { ...picture, measures: [picture.measure] });
    case "table":
      return table(drawn);
    case "list":
      return table({ ...drawn, before: undefined });
    case "retention":
      return retention(drawn);
    case "funnel":
      return funnel(drawn);
    case "steps":
      return steps(drawn);
    case "ages":
      return ages(drawn);
  }
}
