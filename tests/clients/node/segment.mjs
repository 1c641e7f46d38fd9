// Make every call with Segment's own Node.js client, unmodified.
// Usage: node segment.mjs HOST WRITE_KEY
import { Analytics } from "@segment/analytics-node";
import { calls } from "./calls.mjs";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host });
analytics.on("error", (error) => {
  throw new Error(`not sent: ${error.code} ${error.reason}`);
});

for (const [call, message] of Object.entries(calls)) {
  analytics[call](message);
}
await analytics.closeAndFlush();
