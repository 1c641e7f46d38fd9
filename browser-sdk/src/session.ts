/** A visit: it ends after half an hour without a message, or a day after it began. */

import type { Clock } from "./clock.ts";
import type { Store } from "./storage.ts";
import { uuid } from "./uuid.ts";

const KEY = "headwater_session";
export const MAX_IDLE_MS = 30 * 60_000;
export const MAX_LENGTH_MS = 24 * 3_600_000;

export interface Visit {
  id: string;
  /** This device's n-th visit, from 1. */
  number: number;
  startedAt: number;
  lastSeenAt: number;
}

export class Session {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** The visit that a message of this moment belongs to; begins the next one where the last is over. */
  touch(): Visit {
    const now = this.clock.now();
    const last = parse(this.store.get(KEY));
    const visit = last && !isOver(last, now) ? { ...last, lastSeenAt: now } : nextVisit(last, now);
    this.store.set(KEY, format(visit));
    return visit;
  }

  reset(): void {
    this.store.remove(KEY);
  }
}

/** A clock set back by hours must not keep a visit alive for as long again. */
function isOver(visit: Visit, now: number): boolean {
  return Math.abs(now - visit.lastSeenAt) > MAX_IDLE_MS || now - visit.startedAt > MAX_LENGTH_MS;
}

function nextVisit(last: Visit | null, now: number): Visit {
  return { id: uuid(), number: (last?.number ?? 0) + 1, startedAt: now, lastSeenAt: now };
}

/** Plain enough to sit in a cookie: `id.number.startedAt.lastSeenAt`. */
function format(visit: Visit): string {
  return [visit.id, visit.number, visit.startedAt, visit.lastSeenAt].join(".");
}

function parse(text: string | null): Visit | null {
  const match = /^([\w-]+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text ?? "");
  if (!match) return null;
  return {
    id: String(match[1]),
    number: Number(match[2]),
    startedAt: Number(match[3]),
    lastSeenAt: Number(match[4]),
  };
}
