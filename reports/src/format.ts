/** Values as people read them. A column's name says its unit, as the pack's headers do. */

import type { Value } from "./api.ts";
import { clock } from "./days.ts";

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** Return a column's name as a heading: `engaged_seconds` is engaged time. */
export function heading(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .replace(/ ?\bseconds$/, " time")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Return a value of a column as text; times of UTC are those of the zone. */
export function text(name: string, value: Value, zone: string): string {
  if (value === null) return "–";
  if (typeof value === "number") return number(name, value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return name.endsWith("_time") || name.endsWith("_at") ? clock(zone, new Date(value)) : value;
}

/** Return a number of a column: a share, a duration, or a count. */
export function number(name: string, value: number): string {
  if (isShare(name)) return PERCENT.format(value);
  return name.endsWith("seconds") ? duration(value) : WHOLE.format(value);
}

/** Return seconds in the largest unit of which there are two. */
export function duration(seconds: number): string {
  const units: [number, string][] = [
    [86_400, "days"],
    [3600, "h"],
    [60, "min"],
  ];
  const [length, unit] = units.find(([each]) => seconds >= 2 * each) ?? [1, "s"];
  return `${new Intl.NumberFormat("en", { maximumFractionDigits: 1 }).format(seconds / length)} ${unit}`;
}

/** Return how much a number changed, as a share of what it was; nothing if that was nothing. */
export function change(now: number, before: number): string {
  if (before === 0 || now === before) return now === before ? "no change" : "";
  const share = now / before - 1;
  return `${share > 0 ? "+" : "−"}${PERCENT.format(Math.abs(share))}`;
}

/** Return a number of a column that is compared: its change, and what it was. */
export function compared(name: string, now: number | null, before: number | null): string {
  const was = before === null ? "none before" : `${number(name, before)} before`;
  return [now === null || before === null ? "" : change(now, before), was]
    .filter(Boolean)
    .join(", ");
}

function isShare(name: string): boolean {
  return /(^|_)(rate|share|stickiness)$|^share_/.test(name);
}
