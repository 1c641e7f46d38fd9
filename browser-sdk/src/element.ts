/** What an element says of itself: its texts, and the fields that its author gave it. */

import { bare } from "./own.ts";

const MAX_TEXT = 255;

/** What the author of an element may give to its events. */
export const FIELD = "data-hw-";

/** The text that a person reads, else what stands for it; the text of a `<style>` in a link is not part of it. */
export function textOf(element: HTMLElement): string {
  const texts = [
    element.innerText ?? element.textContent,
    element.getAttribute("aria-label"),
    element.getAttribute("alt"),
    element.querySelector("img")?.alt,
  ];
  const text = texts.map((text) => text?.trim()).find(Boolean) ?? "";
  return text.replace(/\s+/g, " ").slice(0, MAX_TEXT);
}

/**
 * The attributes whose names begin so, by the rest of the name in camel case, as `dataset` has them;
 * but that has a prototype to pollute.
 */
export function fieldsIn(
  element: Element,
  prefix: string,
  read = (value: string) => value,
): Record<string, string> {
  const fields = bare<Record<string, string>>();
  for (const { name, value } of element.attributes) {
    const key = name.slice(prefix.length).replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    if (name.startsWith(prefix)) fields[key] = read(value);
  }
  return fields;
}
