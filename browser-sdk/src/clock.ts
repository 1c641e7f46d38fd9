/** Whole milliseconds since the epoch; a clock that the page has put in place may give fractions. */
export function now(): number {
  return Math.round(Date.now());
}

export function timestamp(): string {
  return new Date(now()).toISOString();
}

/** Milliseconds until then; none for a moment so far ahead that the clock was moved since. */
export function remaining(until: number, most: number): number {
  const ms = until - now();
  return ms > 0 && ms <= most ? ms : 0;
}
