// One event a request, from more and more users at once, and then from as many for a while.

import http from "k6/http";
import { check, sleep } from "k6";
import { Counter } from "k6/metrics";

const { API_URL, RUN, VUS, RAMP, HOLD, REQUESTS } = __ENV;
const PAGES = 50;
const ATTEMPTS = 5;

const accepted = new Counter("accepted_events");

export const options = {
  // k6 waits up to 30 s for a request that is under way when time is up, so each is counted.
  stages: [
    { duration: RAMP, target: Number(VUS) },
    { duration: HOLD, target: Number(VUS) },
  ],
  thresholds: {
    http_req_failed: ["rate==0"],
    checks: ["rate==1"],
    http_reqs: [`count>=${REQUESTS}`],
  },
  summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
};

export default function () {
  const page = `/bottles/${__ITER % PAGES}`;
  const message = {
    messageId: `${RUN}-${__VU}-${__ITER}`,
    anonymousId: `${RUN}-${__VU}`,
    event: RUN,
    properties: { position: __ITER },
    context: { page: { path: page, url: `https://shop.example${page}` } },
  };
  if (isAccepted(JSON.stringify(message))) {
    accepted.add(1);
  }
}

// As clients do: what was not accepted is sent again, and is one event all the same.
function isAccepted(body) {
  const settings = { headers: { "content-type": "application/json" } };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answer = http.post(`${API_URL}/v1/track`, body, settings);
    if (check(answer, { "is accepted": (each) => each.status === 200 })) {
      return true;
    }
    sleep(1);
  }
  return false;
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
