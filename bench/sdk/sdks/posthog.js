import posthog from "posthog-js";

window.start = (url) => {
  posthog.init("bench", {
    api_host: url,
    advanced_disable_decide: true,
    advanced_disable_flags: true,
    disable_compression: true,
    // headless Chromium counts as a bot
    opt_out_useragent_filter: true,
    disable_external_dependency_loading: true,
    disable_session_recording: true,
  });
  window.track = (name) => posthog.capture(name, { plan: "pro" });
};
