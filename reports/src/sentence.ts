/** The sentence below an answer: what its words mean, and of what, when and how much it is. */

import type { Answer, Question } from "./api.ts";
import { clock } from "./days.ts";
import type { Arguments } from "./view.ts";

const BOTS: Arguments = { exclude: "left out", include: "included", only: "alone" };
/** How the pack says that a question is the same whatever is asked of bots, or of them and segments. */
const UNUSED = /The parameters? (`bots`)( and `segment`)? (?:is|are) not used/;

/** Return the sentence of an answer to what was asked now, compared with `then` if it is. */
export function sentence(
  { meaning }: Question,
  now: Arguments,
  then: Arguments | undefined,
  answer: Answer,
): string {
  const compared = then ? `, compared with ${then.start} to ${then.end}` : "";
  const [, isWithoutBots, isWithoutSegment] = UNUSED.exec(meaning) ?? [];
  const bots = isWithoutBots ? "" : ` known bots: ${BOTS[now.bots ?? ""]};`;
  const segment = now.segment && !isWithoutSegment ? ` segment: ${conditions(now.segment)};` : "";
  const asked = `Days of ${now.time_zone}, ${now.start} to ${now.end}${compared}; app: ${now.app || "all"};${bots}${segment}`;
  const asOf = clock(now.time_zone ?? "UTC", new Date(answer.as_of));
  return `${meaning} ${asked} ${rows(answer)}; as of ${asOf}.`.trim();
}

function conditions(segment: string): string {
  return segment.split("\n").filter(Boolean).join(" and ");
}

function rows({ rows: { length }, is_cut }: Answer): string {
  const counted = `${length.toLocaleString("en")} row${length === 1 ? "" : "s"}`;
  return is_cut ? `the first ${counted}, all are in the CSV` : counted;
}
