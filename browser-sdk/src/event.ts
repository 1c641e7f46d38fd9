/** A message: what happened, and the circumstances of the moment. */

import type { Context, Message } from "./contract.ts";
import type { Visit } from "./session.ts";
import { uuid } from "./uuid.ts";

export type Fields = Record<string, unknown>;

/** What the caller says. */
export type Happening =
  | { type: "track"; event: string; properties: Fields }
  | { type: "page"; name?: string; properties: Fields }
  | { type: "identify"; traits: Fields };

/** What the client adds. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number;
  anonymousId: string;
  userId: string | null;
  visit: Visit;
  pageViewId: string;
  browser: Context;
}

export function buildMessage(happening: Happening, moment: Moment): Message {
  const { at, anonymousId, userId, visit, pageViewId, browser } = moment;
  return {
    ...happening,
    messageId: uuid(),
    timestamp: new Date(at).toISOString(),
    anonymousId,
    ...(userId && { userId }),
    context: { ...browser, sessionId: visit.id, sessionNumber: visit.number, pageViewId },
  };
}

/** Properties and traits are objects; a page may hand over anything. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** Names and ids are texts; a number is read as one, and nothing else is. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
