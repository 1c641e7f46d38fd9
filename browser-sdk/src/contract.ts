/** The messages that the collector accepts, and their limits. */

/** One message, as JSON text in UTF-8. */
export const MAX_MESSAGE_BYTES = 32_768;

/** One request body. */
export const MAX_REQUEST_BYTES = 500_000;

export type MessageType = "track" | "page" | "screen" | "identify" | "group" | "alias";

export interface Message {
  type: MessageType;
  messageId?: string;
  timestamp?: string;
  anonymousId?: string;
  userId?: string;
  event?: string;
  name?: string;
  category?: string;
  groupId?: string;
  previousId?: string;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  context?: Context;
}

export interface Context {
  channel?: string;
  consent?: string;
  groupId?: string;
  ip?: string;
  locale?: string;
  pageViewId?: string;
  sessionId?: string;
  sessionNumber?: number;
  timezone?: string;
  userAgent?: string;
  campaign?: { name?: string; source?: string; medium?: string; term?: string; content?: string };
  library?: { name?: string; version?: string };
  page?: { path?: string; referrer?: string; search?: string; title?: string; url?: string };
  screen?: { width?: number; height?: number; density?: number };
}
