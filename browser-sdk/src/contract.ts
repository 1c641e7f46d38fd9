// Written by `make contract` from lambdas/contract: change it there.

/** One message, as JSON text in UTF-8. */
export const MAX_MESSAGE_BYTES = 32_768;

/** One request body. */
export const MAX_REQUEST_BYTES = 500_000;

/** A whole number is read as text. */
export type Id = string | number;

export type MessageType = "track" | "page" | "screen" | "identify" | "group" | "alias";

/** UTM parameters and click ids. */
export interface Campaign {
  /** utm_campaign */
  name?: string | null;
  /** utm_source */
  source?: string | null;
  /** utm_medium */
  medium?: string | null;
  /** utm_term */
  term?: string | null;
  /** utm_content */
  content?: string | null;
  /** Google's, of a display ad click id */
  dclid?: string | null;
  /** Meta's click id */
  fbclid?: string | null;
  /** Google's, from the web into an app click id */
  gbraid?: string | null;
  /** Google's click id */
  gclid?: string | null;
  /** Instagram's click id */
  igshid?: string | null;
  /** LinkedIn's click id */
  li_fat_id?: string | null;
  /** Microsoft's click id */
  msclkid?: string | null;
  /** Reddit's click id */
  rdt_cid?: string | null;
  /** Snapchat's click id */
  sccid?: string | null;
  /** TikTok's click id */
  ttclid?: string | null;
  /** X's click id */
  twclid?: string | null;
  /** Google's, from an app into the web click id */
  wbraid?: string | null;
  /** Yandex' click id */
  yclid?: string | null;
}

/** The device that an app runs on, read if no user agent says it. */
export interface Device {
  /** `ios`, `android` and their like */
  type?: string | null;
  /** like `iPad13,4` */
  model?: string | null;
  /** like `iPad` */
  name?: string | null;
}

/** The client. */
export interface Library {
  /** its name */
  name?: string | null;
  /** its version */
  version?: string | null;
}

/** The operating system that an app runs on, read if no user agent says it. */
export interface Os {
  /** like `iOS` */
  name?: string | null;
}

/** The page; if a page call has none, its properties are read instead. */
export interface Page {
  /** path of its URL */
  path?: string | null;
  /** URL of the page before */
  referrer?: string | null;
  /** query of its URL, with the question mark */
  search?: string | null;
  /** its title */
  title?: string | null;
  /** its whole URL */
  url?: string | null;
}

/** The display. */
export interface Screen {
  /** in CSS pixels */
  width?: number | null;
  /** in CSS pixels */
  height?: number | null;
  /** device pixels to a CSS pixel */
  density?: number | null;
}

/** Anything may be in it; these fields are read. */
export interface Context extends Record<string, unknown> {
  /** browser, server, mobile, poller or import */
  channel?: string | null;
  /** granted, denied, gpc or cookieless */
  consent?: string | null;
  /** the account that the user acts for */
  groupId?: Id | null;
  /** the user's address, if a server sends on their behalf */
  ip?: string | null;
  /** language tag */
  locale?: string | null;
  /** joins everything that happened on one page view */
  pageViewId?: Id | null;
  /** the visit */
  sessionId?: Id | null;
  /** this device's n-th visit */
  sessionNumber?: number | null;
  /** IANA name */
  timezone?: string | null;
  /** if it differs from the request's own */
  userAgent?: string | null;
  /** UTM parameters and click ids */
  campaign?: Campaign | null;
  /** the device that an app runs on, read if no user agent says it */
  device?: Device | null;
  /** the client */
  library?: Library | null;
  /** the operating system that an app runs on, read if no user agent says it */
  os?: Os | null;
  /** the page; if a page call has none, its properties are read instead */
  page?: Page | null;
  /** the display */
  screen?: Screen | null;
}

/** What a message of any type may hold. */
export interface MessageFields {
  /** the client's own id of the message; made up if absent */
  messageId?: Id | null;
  /** when it happened, by the client's clock */
  timestamp?: string | null;
  /** as RudderStack says it; `timestamp` takes precedence */
  originalTimestamp?: string | null;
  /** when it was sent, by that clock; takes precedence over the batch's */
  sentAt?: string | null;
  /** when another server got it: no clock is corrected */
  receivedAt?: string | null;
  /** the device */
  anonymousId?: Id | null;
  /** the known user */
  userId?: Id | null;
  /** track: the event's name */
  event?: string | null;
  /** page and screen: its name */
  name?: string | null;
  /** page and screen: its category */
  category?: string | null;
  /** group: the account */
  groupId?: Id | null;
  /** alias: the id that userId replaces */
  previousId?: Id | null;
  /** track, page and screen: anything else, kept byte for byte */
  properties?: Record<string, unknown> | null;
  /** identify (or `context.traits`), group and alias: anything else, kept byte for byte */
  traits?: Record<string, unknown> | null;
  /** circumstances, kept byte for byte; the fields below are also read */
  context?: Context | null;
}

/** Carries at least one of some fields. */
type OneOf<Name extends keyof MessageFields> = {
  [One in Name]: { [Key in One]-?: NonNullable<MessageFields[Key]> };
}[Name];

type MessageOf<Type extends MessageType, Needs> = MessageFields & { type: Type } & Needs;

export type Message =
  | MessageOf<"track", OneOf<"userId" | "anonymousId"> & OneOf<"event">>
  | MessageOf<"page", OneOf<"userId" | "anonymousId">>
  | MessageOf<"screen", OneOf<"userId" | "anonymousId">>
  | MessageOf<"identify", OneOf<"userId" | "anonymousId">>
  | MessageOf<"group", OneOf<"userId" | "anonymousId"> & OneOf<"groupId">>
  | MessageOf<"alias", OneOf<"userId"> & OneOf<"previousId" | "anonymousId">>;
