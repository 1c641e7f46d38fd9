/** Page loads: the document's own, those of a single-page app, and a return from the browser's cache. */

import { attributeOf, isHidden } from "./document-attribute.ts";
import { attempt } from "./guard.ts";
import type { Listen } from "./listen.ts";
import { pageUrl, withoutQuery } from "./page-url.ts";

/** What a page has to settle: by then routers have redirected, and frameworks set the title. */
export const SETTLE_MS = 100;

const IDLE = 0;
const UNSEEN = 1;
const SETTLES = 2;

/**
 * Announces each view once, when its title and its URL have settled and somebody has seen it, or acts
 * on it before; answers what announces one that is left before that.
 */
export function captureLoads(listen: Listen, begin: () => void, announce: () => void): () => void {
  let href = location.href;
  let state = IDLE;
  let timer: ReturnType<typeof setTimeout>;

  const finish = () => {
    clearTimeout(timer);
    if (state !== SETTLES) return;
    state = IDLE;
    announce();
  };
  const settle = () => {
    // until a document is read, scripts come that redirect, and titles
    const isLoading = attributeOf("readyState") === "loading";
    timer = setTimeout(isLoading ? settle : finish, SETTLE_MS);
  };
  /** Neither a page that was prerendered nor one in a tab of the background is seen. */
  const look = () => {
    if (state !== UNSEEN || isHidden()) return;
    state = SETTLES;
    settle();
  };
  const restart = () => {
    clearTimeout(timer);
    begin();
    state = UNSEEN;
    look();
  };
  const navigated = (how: unknown) => {
    // it takes anything, an event of `popstate` too, for a text
    const replaces = /^replace/.test(how as string);
    // a replaced query is state of the same page (a filter, a map's position), often many a second
    const identity = replaces ? withoutQuery : pageUrl;
    const previous = href;
    href = location.href;
    if (identity(href) === identity(previous)) return;
    // what is replaced before it has settled was passed through, and nobody saw it
    if (!replaces) finish();
    attempt(restart);
  };

  // it is silent in opaque origins
  const navigation = window.navigation;
  if (navigation?.currentEntry) {
    navigation.addEventListener("currententrychange", (event) => navigated(event.navigationType));
  } else {
    afterCall("pushState", navigated);
    afterCall("replaceState", navigated);
    listen("popstate", navigated);
  }
  listen("pageshow", (event: PageTransitionEvent) => event.persisted && restart());
  listen("visibilitychange", look);
  // whoever acts on a page has seen it, and its view comes before what they did
  listen("click auxclick submit", finish);
  restart();
  return finish;
}

/** Some browsers and pages let nobody assign the method: pages of that app are unseen, no more. */
function afterCall(method: "pushState" | "replaceState", then: (method: string) => void): void {
  const original = history[method];
  attempt(() => {
    history[method] = function (...args) {
      original.apply(this, args);
      then(method);
    };
  });
}
