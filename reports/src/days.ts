/** Days as ISO text, such as 2026-01-31: each is a day of the asked zone, never an instant. */

const MILLISECONDS = 86_400_000;

export interface Range {
  readonly start: string;
  readonly end: string;
}

/** Tell whether a text is a day. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(instant(text));
}

/** Return the day that many days later. */
export function plusDays(day: string, days: number): string {
  return new Date(instant(day) + days * MILLISECONDS).toISOString().slice(0, 10);
}

/** Return the range of as many days that ends on `end`. */
export function lastDays(days: number, end: string): Range {
  return { start: plusDays(end, 1 - days), end };
}

/** Return the range of the same length that ends the day before; undefined if it is not a range. */
export function previous({ start, end }: Range): Range | undefined {
  const days = (instant(end) - instant(start)) / MILLISECONDS + 1;
  return days > 0 ? lastDays(days, plusDays(start, -1)) : undefined;
}

/** Return the day that it is in a zone; in UTC if the browser does not know the zone. */
export function today(zone: string, now = new Date()): string {
  return clock(zone, now).slice(0, 10);
}

/** Return what a clock in a zone shows, such as 2026-01-31 09:30:00; of UTC, with a Z, for an unknown zone. */
export function clock(timeZone: string, moment: Date): string {
  try {
    const parts = new Intl.DateTimeFormat("sv-SE", {
      dateStyle: "short",
      timeStyle: "medium",
      timeZone,
    });
    return parts.format(moment);
  } catch {
    return moment.toISOString().replace("T", " ").replace(/\.\d+/, "");
  }
}

function instant(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
