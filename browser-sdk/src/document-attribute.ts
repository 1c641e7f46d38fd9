/** What the document says of itself, and not the elements that are named like its attributes. */

/** `prerendering` is not in TypeScript's library yet. */
type Attributes = Document & { prerendering?: boolean };

/**
 * Reads an attribute past the elements of its name: `<img name="title">` replaces `document.title`
 * (HTML standard, "DOM tree accessors"). What a script put in its place counts.
 */
export function attributeOf<Name extends keyof Attributes>(name: Name): Attributes[Name] {
  return Reflect.get(holderOf(name), name, document);
}

/** Sets a cookie; an assignment to `document.cookie` does not if an element has that name. */
export function setCookie(cookie: string): unknown {
  return Reflect.set(holderOf("cookie"), "cookie", cookie, document);
}

function holderOf(name: keyof Attributes): object {
  return isObject((document as Attributes)[name]) ? Document.prototype : document;
}

export function isHidden(): boolean {
  return attributeOf("visibilityState") === "hidden";
}

/** An element, a collection of them or a frame's window; the attributes are texts and booleans. */
export function isObject(value: unknown): boolean {
  return Object(value) === value;
}
