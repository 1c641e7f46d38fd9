import { AnalyticsBrowser } from "@segment/analytics-next";

window.start = (url) => {
  const { host } = new URL(url);
  const delivery = { apiHost: `${host}/v1`, protocol: "http" };
  const settings = { integrations: { "Segment.io": { apiKey: "bench", ...delivery } } };
  const analytics = AnalyticsBrowser.load({ writeKey: "bench", cdnSettings: settings }, settings);
  analytics.page();
  window.track = (name) => analytics.track(name, { plan: "pro" });
};
