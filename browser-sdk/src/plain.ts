/** What of a value can be sent: the page may hand over anything. */

import { isObject } from "./document-attribute.ts";
import { attempt } from "./guard.ts";

const MAX_DEPTH = 12;

/**
 * A copy that is JSON and inherits nothing, without what is not: functions, elements and windows,
 * circles, what is deeper than 12 levels, fields that throw, and those of a denied name. A BigInt
 * becomes text.
 */
export function plain(
  value: unknown,
  denied: readonly string[] = [],
  around: readonly unknown[] = [],
): unknown {
  if (typeof value === "bigint") return String(value);
  if (!isObject(value)) return value;
  const given = value as Record<string, unknown>;
  const isForeign =
    typeof given === "function" || (given.nodeType as number) > 0 || given.window === given;
  if (isForeign || around.includes(given) || around.length > MAX_DEPTH) return;
  const inside = [...around, given];
  const { toJSON } = given;
  // old libraries give a `toJSON` to all objects or arrays, and break them
  const isCommon = [Object, Array].some(
    ({ prototype }) => (prototype as Partial<Jsonable>).toJSON === toJSON,
  );
  if (!isCommon) return plain((toJSON as Jsonable["toJSON"]).call(given), denied, inside);
  // one without a prototype is still an array to `JSON.stringify`
  // biome-ignore lint/suspicious/noExplicitAny: TypeScript knows no arrays without a prototype
  const copy: any = Array.isArray(given) ? [] : {};
  // biome-ignore lint/suspicious/noProto: shorter than its replacement, in every page
  copy.__proto__ = null;
  for (const key of Object.keys(given)) {
    if (!denied.includes(key)) copy[key] = attempt(() => plain(given[key], denied, inside));
  }
  return copy;
}

interface Jsonable {
  toJSON(): unknown;
}
