/** Which part of a URL makes it another page. */

/** The URL without its fragment, which may hold tokens, unless a router keeps its route there. */
export function pageUrl(href: string): string {
  const end = `${href}#`.indexOf("#");
  return href.slice(0, end) + routeOf(href.slice(end));
}

/** The same without the query: all that a `replaceState` has to change to count as another page. */
export function withoutQuery(href: string): string {
  return pageUrl(href).replace(/\?[^#]*/, "");
}

/** A fragment like `#/cart` or `#!cart`; empty for any other. */
function routeOf(fragment: string): string {
  return /^#[/!]/.test(fragment) ? fragment : "";
}
