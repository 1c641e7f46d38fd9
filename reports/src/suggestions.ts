/** What the lists of the form offer: the apps, events and pages of the days. */

import { ask } from "./api.ts";
import { h } from "./dom.ts";
import { AskError } from "./errors.ts";
import { column } from "./rows.ts";
import { type Arguments, argumentsFor } from "./view.ts";

const LISTS = [
  { list: "apps", question: "breakdown_by_column", own: { column: "app_id" }, column: "value" },
  {
    list: "events",
    question: "breakdown_by_column",
    own: { column: "event_type" },
    column: "value",
  },
  { list: "pages", question: "top_pages", own: {}, column: "page" },
];

/** Fill the lists that the form's fields use. Without an answer they stay empty. */
export async function suggest(
  form: HTMLFormElement,
  given: Arguments,
  signal: AbortSignal,
): Promise<void> {
  const used = LISTS.filter(({ list }) => form.querySelector(`[list="${list}"]`));
  for (const { list, question, own, column: name } of used) {
    const asked = {
      ...argumentsFor(["start", "end", "time_zone"], given),
      bots: "include",
      ...own,
    };
    try {
      const values = column(await ask(question, asked, signal), name);
      const options = [...new Set(values)]
        .filter((value) => value !== null)
        .map((value) => h("option", { value }));
      form.querySelector(`#${list}`)?.replaceChildren(...options);
    } catch (error) {
      if (!(error instanceof AskError) && !signal.aborted) throw error;
    }
  }
}
