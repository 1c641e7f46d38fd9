/** Submitted forms, without what was written into them. */

import { FIELD, fieldsIn } from "./element.ts";
import type { Listen } from "./listen.ts";
import type { Redact } from "./redaction.ts";

export interface FormSubmit extends Record<string, unknown> {
  id: string | null;
  name: string | null;
  /** Where it goes; the page itself where the form does not say. */
  action: string;
}

export function captureFormSubmits(
  listen: Listen,
  redact: Redact,
  track: (event: string, submit: FormSubmit) => void,
): void {
  listen("submit", ({ target }: { target: HTMLFormElement }) =>
    track("form_submit", {
      ...fieldsIn(target, FIELD, redact.text),
      id: target.getAttribute("id"),
      name: target.getAttribute("name"),
      // an input of that name stands in for it, and is no URL
      action: redact.url(target.action),
    }),
  );
}
