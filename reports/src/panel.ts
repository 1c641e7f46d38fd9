/** A panel: a question, its answer as pictures, and the sentence that says what they show. */

import { address, ask, csv, type Question } from "./api.ts";
import { h } from "./dom.ts";
import { AskError } from "./errors.ts";
import { isSignedIn } from "./login.ts";
import { draw } from "./pictures/draw.ts";
import { isComparable, type Panel } from "./reports.ts";
import { isEmpty } from "./rows.ts";
import { sentence } from "./sentence.ts";
import { type Arguments, argumentsFor, before, otherReport, query, type View } from "./view.ts";

const SLOW_MILLISECONDS = 3000;

export interface Asked {
  readonly view: View;
  readonly signal: AbortSignal;
  /** Told what cannot be asked. */
  readonly refuse: (sentence: string) => void;
}

export interface Shown {
  readonly element: HTMLElement;
  /** Ask, and show the answer in place of what is there. */
  readonly fill: () => Promise<void>;
}

/** Make a panel; what it needs and is not given is asked for in its place. */
export function makePanel(panel: Panel, question: Question, asked: Asked): Shown {
  const content = h("div", { class: "content" });
  const note = h("p", { class: "note" });
  const id = `asks-${question.name}`;
  const element = h("section", { "aria-labelledby": id, "data-question": question.name });
  element.append(h("h2", { id }, question.title), content, note);

  async function fill(): Promise<void> {
    const missing = missingOf(question, asked.view.given);
    if (missing.length)
      return content.replaceChildren(state("needs", `Give ${missing.join(" and ")}.`));
    const slow = waiting(content);
    try {
      await answered();
    } catch (error) {
      if (!asked.signal.aborted) fail(error);
    } finally {
      clearTimeout(slow);
    }
  }

  async function answered(): Promise<void> {
    const { view, signal } = asked;
    const now = argumentsOf(question, view.given);
    const then = view.compares && isComparable(panel) ? before(now) : undefined;
    const [answer, was] = await Promise.all([
      ask(question.name, now, signal),
      then && ask(question.name, then, signal),
    ]);
    const zone = now.time_zone ?? "UTC";
    const timeline = (user: string) => {
      const other = otherReport(view, "user");
      return query({ ...other, given: { ...other.given, user } });
    };
    const drawn = { title: question.title, answer, before: was, zone, timeline };
    content.replaceChildren(
      ...(isEmpty(answer)
        ? [state("empty", "Nothing in these days: choose others, or another app.")]
        : panel.pictures.map((picture) => draw(picture, drawn))),
    );
    note.replaceChildren(
      sentence(question, now, then, answer),
      " ",
      download(question.name, now, fail),
    );
  }

  function fail(error: unknown): void {
    if (!(error instanceof AskError)) throw error;
    if (error.isRefusal) {
      element.hidden = true;
      content.replaceChildren();
      asked.refuse(error.message);
    } else {
      const again = h("button", { type: "button" }, "Ask again");
      again.addEventListener("click", fill);
      content.replaceChildren(state("failed", error.message), again);
    }
  }

  return { element, fill };
}

/** Say that an answer is awaited, unless one is shown meanwhile; return the timer that says it is slow. */
function waiting(content: HTMLElement): ReturnType<typeof setTimeout> {
  const shown = state("waiting", "Asking…");
  if (!content.hasChildNodes() || content.querySelector(".state")) content.replaceChildren(shown);
  return setTimeout(() => {
    shown.textContent = "Still asking: many days or events take a while.";
  }, SLOW_MILLISECONDS);
}

function state(kind: string, text: string): HTMLElement {
  return h("p", { class: `state ${kind}`, role: "status" }, text);
}

function missingOf(question: Question, given: Arguments): readonly string[] {
  return question.parameters
    .filter(({ name, default: usual }) => usual === null && !given[name])
    .map(({ name, meaning }) => `${name.replaceAll("_", " ")} (${meaning})`);
}

/** Return every argument, defaults too, so that the sentence and the CSV say what the answer is of. */
function argumentsOf({ parameters }: Question, given: Arguments): Arguments {
  const usual = parameters.map((each) => [each.name, each.default ?? ""]);
  const names = parameters.map((each) => each.name);
  return { ...Object.fromEntries(usual), ...argumentsFor(names, given) };
}

/** Return the link to all rows; what it asks for with a token, a script has to fetch. */
function download(name: string, asked: Arguments, fail: (error: unknown) => void): HTMLElement {
  const link = h("a", { href: address(name, "csv", asked), download: `${name}.csv` }, "CSV");
  if (isSignedIn()) link.addEventListener("click", (event) => save(event, name, asked).catch(fail));
  return link;
}

async function save(event: Event, name: string, asked: Arguments): Promise<void> {
  event.preventDefault();
  const url = URL.createObjectURL(await csv(name, asked));
  h("a", { href: url, download: `${name}.csv` }).click();
  URL.revokeObjectURL(url);
}
