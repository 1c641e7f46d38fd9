/** A copy that inherits nothing: a prototype that the page polluted adds no property to it. */
export function bare<T extends object>(fields?: T): T {
  return { __proto__: null, ...fields } as unknown as T;
}
