/** What the document says of itself, and not the elements that are named like its attributes. */

import { own } from "./own.ts";

/** `prerendering` is not in TypeScript's library yet. */
type Attributes = Pick<Document, "cookie" | "referrer" | "title" | "visibilityState"> & {
  prerendering?: boolean;
};

/**
 * Reads an attribute past the elements of its name: `<img name="title">` replaces `document.title`
 * (HTML standard, "DOM tree accessors"). What a script put in its place counts.
 */
export function attributeOf<Name extends keyof Attributes>(
  document: Attributes,
  name: Name,
): Attributes[Name] {
  const value = own(document, name);
  return value === undefined || isObject(value) ? native(name)?.get?.call(document) : value;
}

/** Sets a cookie; an assignment to `document.cookie` does not if an element has that name. */
export function setCookie(document: Attributes, cookie: string): void {
  if (isObject(own(document, "cookie"))) native("cookie")?.set?.call(document, cookie);
  else document.cookie = cookie;
}

/** The script that runs; null in a module. */
export function currentScript(): Element | null {
  return native("currentScript")?.get?.call(document) ?? null;
}

/** An element, a collection of them or a frame's window; the attributes are texts and booleans. */
function isObject(value: unknown): boolean {
  return Object(value) === value;
}

function native(name: string): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(Document.prototype, name);
}
