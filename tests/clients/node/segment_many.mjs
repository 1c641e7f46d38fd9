// Send COUNT events to the API at HOST with Segment's own Node.js client, unmodified.
// Usage: node segment_many.mjs HOST COUNT
import { Analytics } from "@segment/analytics-node";

const [host, count] = process.argv.slice(2);
const analytics = new Analytics({ writeKey: "segment-node", host, maxEventsInBatch: 100 });
analytics.on("error", (error) => {
  throw new Error(`not sent: ${error.code} ${error.reason}`);
});

for (let number = 0; number < Number(count); number += 1) {
  analytics.track({
    userId: `user-${number % 10}`,
    event: "sent_by_node",
    properties: { number },
  });
}
await analytics.closeAndFlush();
