// One event a request, from more and more users at once, and then from as many for a while.

import http from "k6/http";
import { check } from "k6";
import { Counter } from "k6/metrics";

const { API_URL, RUN, VUS, RAMP, HOLD, REQUESTS } = __ENV;
const PAGES = 50;

const accepted = new Counter("accepted_events");

export const options = {
  stages: [
    { duration: RAMP, target: Number(VUS) },
    { duration: HOLD, target: Number(VUS) },
  ],
  // A request that is under way when time is up is answered, so that each is counted.
  gracefulStop: "30s",
  gracefulRampDown: "30s",
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
  const answer = http.post(`${API_URL}/v1/track`, JSON.stringify(message), {
    headers: { "content-type": "application/json" },
  });
  if (check(answer, { "is accepted": (each) => each.status === 200 })) {
    accepted.add(1);
  }
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
