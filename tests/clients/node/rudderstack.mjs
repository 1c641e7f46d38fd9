// Make every call with RudderStack's own Node.js client, unmodified.
// Usage: node rudderstack.mjs HOST WRITE_KEY
import Analytics from "@rudderstack/rudder-sdk-node";
import { calls } from "./calls.mjs";

const [dataPlaneUrl, writeKey] = process.argv.slice(2);
const analytics = new Analytics(writeKey, { dataPlaneUrl });

for (const [call, message] of Object.entries(calls)) {
  analytics[call](message);
}
await analytics.flush();
