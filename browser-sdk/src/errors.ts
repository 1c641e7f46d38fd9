/** An extra script: errors that nothing on the page caught, each kind once for a page load. */

import { track } from "./extra.ts";

const MAX_ERRORS = 10;
const MAX_LENGTH = 2_000;
const told = new Set<string>();

function tell(error: unknown, source: string, line: number): void {
  const { message = String(error), name = "Error", stack = "" } = Object(error) as Partial<Error>;
  const key = `${name}: ${message}`;
  if (told.has(key) || told.size >= MAX_ERRORS) return;
  told.add(key);
  track("error", {
    name,
    message: message.slice(0, MAX_LENGTH),
    stack: stack.slice(0, MAX_LENGTH),
    source,
    line,
  });
}

addEventListener("error", ({ error, message, filename, lineno }) =>
  tell(error ?? message, filename, lineno),
);
addEventListener("unhandledrejection", ({ reason }) => tell(reason, "", 0));
