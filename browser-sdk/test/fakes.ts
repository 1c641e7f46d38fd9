/** What the tests put in the place of time, network and browser storage. */

import type { Clock } from "../src/clock.ts";
import type { Message } from "../src/contract.ts";
import type { Store } from "../src/storage.ts";
import type { Answer, Transport } from "../src/transport.ts";

export class FakeClock implements Clock {
  private readonly tasks = new Map<() => void, number>();

  constructor(private time = Date.UTC(2026, 0, 31, 12)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, task: () => void): () => void {
    const unique = () => task();
    this.tasks.set(unique, this.time + ms);
    return () => void this.tasks.delete(unique);
  }

  /** Moves time on, runs what is due, and lets the promises that it settled go on. */
  async advance(ms: number): Promise<void> {
    this.time += ms;
    const due = [...this.tasks].filter(([, at]) => at <= this.time);
    for (const [task] of due) {
      this.tasks.delete(task);
      task();
    }
    await settled();
  }
}

/** Resolves when every promise that could go on has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Body {
  batch: Message[];
  sentAt: string;
  writeKey?: string;
}

/** Gives the prepared answers in turn, then 200. */
export class FakeTransport implements Transport {
  readonly bodies: Body[] = [];
  readonly sizes: number[] = [];
  private readonly answers: Answer[] = [];

  answer(status: number, retryAfter: string | null = null): void {
    this.answers.push({ status, retryAfter });
  }

  async send(body: string): Promise<Answer> {
    this.bodies.push(JSON.parse(body));
    this.sizes.push(Buffer.byteLength(body));
    return this.answers.shift() ?? { status: 200, retryAfter: null };
  }

  get batches(): Message[][] {
    return this.bodies.map(({ batch }) => batch);
  }
}

/** Refuses everything, as localStorage does where it is forbidden. */
export const brokenStore: Store = {
  get: refuse,
  set: refuse,
  remove: refuse,
};

function refuse(): never {
  throw new DOMException("The operation is insecure.", "SecurityError");
}

export function silent(): void {}
