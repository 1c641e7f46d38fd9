/** What an object itself holds: a prototype that the page polluted adds nothing to it. */

/** The property, unless it is inherited. What `window` has by an element's id is inherited too. */
export function own<T extends object, Key extends keyof T>(
  object: T,
  key: Key,
): T[Key] | undefined {
  return Object.getOwnPropertyDescriptor(object, key) && object[key];
}

/** A copy that inherits nothing, so that a property looked up by name is its own. */
export function bare<T extends object>(fields: T): T {
  return Object.assign(Object.create(null), fields);
}
