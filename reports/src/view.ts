/** A view: a report, what it is asked with, and whether it is compared. All of it is in the URL. */

import { isDay, lastDays, previous, today } from "./days.ts";

export type Arguments = Readonly<Record<string, string>>;

export interface View {
  readonly report: string;
  readonly given: Arguments;
  readonly compares: boolean;
}

export const COMMON = ["start", "end", "app", "time_zone", "bots", "segment"];

const USUAL_DAYS = 30;

/** Read a view from the query of a URL; days that are missing are the last 30. */
export function readView(query: string, now = new Date()): View {
  const { report = "overview", compare, ...given } = Object.fromEntries(new URLSearchParams(query));
  const end = isDay(given.end ?? "") ? given.end : undefined;
  const usual = lastDays(USUAL_DAYS, end ?? today(given.time_zone ?? "UTC", now));
  return { report, given: { ...usual, ...given }, compares: compare === "previous" };
}

/** Return a view as the query of a URL; what is empty has its default there. */
export function query({ report, given, compares }: View): string {
  const filled = Object.entries(given).filter(([, value]) => value !== "");
  const compare = compares ? [["compare", "previous"]] : [];
  return `?${new URLSearchParams([["report", report], ...filled, ...compare])}`;
}

/** Return another report of the same days, app, zone, bots and segment. */
export function otherReport(view: View, report: string): View {
  const kept = Object.entries(view.given).filter(([name]) => COMMON.includes(name));
  return { ...view, report, given: Object.fromEntries(kept) };
}

/** Return what a question is asked with: of all that is given, what it takes. */
export function argumentsFor(names: readonly string[], given: Arguments): Arguments {
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}

/** Return the same for the days before; undefined if there are none. */
export function before(asked: Arguments): Arguments | undefined {
  const range = previous({ start: asked.start ?? "", end: asked.end ?? "" });
  return range && { ...asked, ...range };
}
