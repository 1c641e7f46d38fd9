import { createClient } from "../../../browser-sdk/dist/headwater.mjs";

window.start = (url) => {
  const client = createClient({ apiUrl: url });
  window.track = (name) => client.track(name, { plan: "pro" });
};
