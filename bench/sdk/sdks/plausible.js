import Plausible from "plausible-tracker";

window.start = (url) => {
  const plausible = Plausible({ domain: "bench", apiHost: url, trackLocalhost: true });
  plausible.trackPageview();
  window.track = (name) => plausible.trackEvent(name, { props: { plan: "pro" } });
};
