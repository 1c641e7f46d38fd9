/** Answers by their columns' names. */

import type { Answer, Value } from "./api.ts";

/** Return a column's values; a name that the answer does not have is an error of ours. */
export function column(answer: Answer, name: string): readonly Value[] {
  const at = answer.columns.indexOf(name);
  if (at < 0) throw new Error(`the answer has no ${name}: ${answer.columns.join(", ")}`);
  return answer.rows.map((row) => row[at] ?? null);
}

/** Return a column's numbers, null where it has none. */
export function numbers(answer: Answer, name: string): readonly (number | null)[] {
  return column(answer, name).map((value) => (typeof value === "number" ? value : null));
}

/** Return the sum of a column, null if it has no number. */
export function sum(answer: Answer, name: string): number | null {
  const known = numbers(answer, name).filter((value) => value !== null);
  return known.length ? known.reduce((total, value) => total + value, 0) : null;
}

/** Numbers that say where a row belongs, not how much there is. */
const POSITIONS = ["step", "n"];

/** Tell which columns have amounts; one without any value has none. */
export function measures(answer: Answer): readonly string[] {
  return answer.columns.filter((name, at) => {
    if (POSITIONS.includes(name)) return false;
    const values = answer.rows.map((row) => row[at] ?? null).filter((value) => value !== null);
    return values.length > 0 && values.every((value) => typeof value === "number");
  });
}

/** Tell whether nothing happened: there are no rows, or no number but zero. */
export function isEmpty(answer: Answer): boolean {
  const names = measures(answer);
  const counted = names.flatMap((name) => numbers(answer, name));
  return answer.rows.length === 0 || (names.length > 0 && !counted.some(Boolean));
}

/** Return, for each row, a column's value in the row of `before` that is alike but for its amounts. */
export function matched(answer: Answer, before: Answer, name: string): readonly (number | null)[] {
  const amounts = [...measures(answer), ...measures(before)];
  const others = answer.columns.filter((each) => !amounts.includes(each));
  const keys = (rows: Answer) => {
    const columns = others.map((each) => column(rows, each));
    return rows.rows.map((_, row) => JSON.stringify(columns.map((values) => values[row])));
  };
  const values = numbers(before, name);
  const known = new Map(keys(before).map((key, row) => [key, values[row] ?? null]));
  return keys(answer).map((key) => known.get(key) ?? null);
}

/** Return `before` with the days of an answer instead of its own: the first is set beside the first. */
export function shifted(answer: Answer, before: Answer, name: string): Answer {
  const days = column(answer, name);
  const at = before.columns.indexOf(name);
  const rows = before.rows.slice(0, days.length);
  return { ...before, rows: rows.map((row, place) => row.with(at, days[place] ?? null)) };
}
