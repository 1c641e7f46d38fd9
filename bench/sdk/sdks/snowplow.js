import { newTracker, trackPageView, trackStructEvent } from "@snowplow/browser-tracker";

window.start = (url) => {
  newTracker("bench", url, { appId: "bench" });
  trackPageView();
  window.track = (action) => trackStructEvent({ category: "bench", action, property: "pro" });
};
