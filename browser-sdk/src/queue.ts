/** What waits to be sent, and when it is. */

import { type Entry, entryOf, MAX_BATCH_MESSAGES, requestBody, takeBatch } from "./batch.ts";
import type { Clock } from "./clock.ts";
import type { Message } from "./contract.ts";
import type { Log } from "./guard.ts";
import { isWorthRetrying, retryDelay } from "./retry.ts";
import type { Answer, Transport } from "./transport.ts";

/** How many messages wait at most while the API is away; the oldest go first. */
export const MAX_WAITING = 1_000;
/** How long a message waits for company. */
export const LINGER_MS = 1_000;

export interface QueueParts {
  transport: Transport;
  clock: Clock;
  log: Log;
  writeKey: string | undefined;
  /** Whether the page may go away without another word. */
  isHidden(): boolean;
}

export class Queue {
  private readonly waiting: Entry[] = [];
  private cancelTimer: (() => void) | null = null;
  private sending: Promise<void> | null = null;
  /** Failed tries in a row. */
  private failures = 0;

  constructor(private readonly parts: QueueParts) {}

  /** Throws where the message cannot be sent: it is too large, or no JSON can be made of it. */
  add(message: Message): void {
    this.waiting.push(entryOf(message));
    this.dropOldest();
    if (this.parts.isHidden()) this.drain();
    else if (this.isFull()) void this.flush();
    else this.wakeIn(LINGER_MS);
  }

  /** Sends what waits, batch after batch; resolves when all is sent or the API needs a pause. */
  flush(): Promise<void> {
    this.stopTimer();
    this.sending ??= this.sendInTurn().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  /** Sends what waits, all at once: there may be no later. */
  drain(): void {
    this.stopTimer();
    while (this.waiting.length > 0) void this.deliver(takeBatch(this.waiting));
  }

  private async sendInTurn(): Promise<void> {
    let settled = true;
    while (settled && this.waiting.length > 0) {
      settled = await this.deliver(takeBatch(this.waiting));
    }
  }

  /** Answers whether the batch is settled: accepted, or refused for good. */
  private async deliver(batch: Entry[]): Promise<boolean> {
    const { transport, clock, log, writeKey } = this.parts;
    const failures = this.failures + 1;
    const answer = await transport.send(requestBody(batch, clock.now(), writeKey));
    if (isWorthRetrying(answer)) {
      this.waiting.unshift(...batch);
      this.dropOldest();
      this.pause(answer, failures);
      return false;
    }
    this.failures = 0;
    if (answer.status >= 400) log(`the API refused messages with ${answer.status}`, batch);
    return true;
  }

  /** Batches that were on their way together count as one failure. */
  private pause(answer: Answer, failures: number): void {
    this.failures = failures;
    this.stopTimer();
    this.wakeIn(retryDelay(answer, failures, this.parts.clock.now(), Math.random()));
  }

  /** Never after a failure: then the pause counts. */
  private isFull(): boolean {
    return this.failures === 0 && this.waiting.length >= MAX_BATCH_MESSAGES;
  }

  private dropOldest(): void {
    const dropped = this.waiting.splice(0, Math.max(0, this.waiting.length - MAX_WAITING));
    if (dropped.length > 0) this.parts.log("too many messages wait: dropped the oldest", dropped);
  }

  private wakeIn(ms: number): void {
    this.cancelTimer ??= this.parts.clock.after(ms, () => void this.flush());
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }
}
