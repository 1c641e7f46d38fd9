/** An extra script: how fast a page was for its visitor, told once, as the page is hidden. */

import { track } from "./extra.ts";

interface Entry extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  interactionId: number;
}

interface Vitals {
  /** Largest Contentful Paint, in whole milliseconds like the others but `cls`. */
  lcp: number;
  /** Interaction to Next Paint: the slowest interaction, but for one in fifty. */
  inp: number;
  /** Cumulative Layout Shift: the worst burst of shifts, without a unit. */
  cls: number;
  fcp: number;
  /** Time to First Byte. */
  ttfb: number;
}

const vitals: Partial<Vitals> = {};
const interactions = new Map<number, number>();
let burst = { began: 0, last: 0, sum: 0 };

function observe(type: string, use: (entry: Entry) => void): void {
  try {
    const observer = new PerformanceObserver((list) => (list.getEntries() as Entry[]).forEach(use));
    // durationThreshold counts for events alone: a shorter interaction is not slow
    observer.observe({ type, buffered: true, durationThreshold: 40 } as PerformanceObserverInit);
  } catch {
    // a browser that does not measure it
  }
}

/** Shifts less than 1 s apart and within 5 s are one burst (web.dev, "Cumulative Layout Shift"). */
function shifted({ value, startTime, hadRecentInput }: Entry): void {
  if (hadRecentInput) return;
  const goesOn = startTime - burst.last < 1_000 && startTime - burst.began < 5_000;
  burst = goesOn
    ? { ...burst, last: startTime, sum: burst.sum + value }
    : { began: startTime, last: startTime, sum: value };
  vitals.cls = Math.max(vitals.cls ?? 0, burst.sum);
}

/** One outlier is left out for each 50 interactions (web.dev, "Interaction to Next Paint"). */
function interacted({ interactionId, duration }: Entry): void {
  if (!interactionId) return;
  interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
  const slowest = [...interactions.values()].sort((a, b) => b - a);
  vitals.inp = slowest[Math.floor(slowest.length / 50)] ?? 0;
}

function tell(): void {
  if (document.visibilityState !== "hidden" || Object.keys(vitals).length === 0) return;
  const properties = Object.entries(vitals).map(([name, value]) => [
    name,
    name === "cls" ? Math.round(value * 1e4) / 1e4 : Math.round(value),
  ]);
  track("web_vitals", Object.fromEntries(properties));
  removeEventListener("visibilitychange", tell, true);
}

observe("largest-contentful-paint", ({ startTime }) => {
  vitals.lcp = startTime;
});
observe("layout-shift", shifted);
observe("event", interacted);
observe("paint", ({ name, startTime }) => {
  if (name === "first-contentful-paint") vitals.fcp = startTime;
});
observe("navigation", (entry) => {
  vitals.ttfb = (entry as unknown as PerformanceNavigationTiming).responseStart;
});
addEventListener("visibilitychange", tell, true);
