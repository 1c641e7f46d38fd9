/** Which part of a URL makes it another page. */

/** The URL without its fragment, which may hold tokens, unless a router keeps its route there. */
export function pageUrl(href: string): string {
  // `#/` and `#!` are a router's home, which the page without them is too
  return href.replace(/#!?\/?$|#[^/!].*/, "");
}

/** The same without the query: all that a `replaceState` has to change to count as another page. */
export function withoutQuery(href: string): string {
  return pageUrl(href).replace(/\?[^#]*/, "");
}
