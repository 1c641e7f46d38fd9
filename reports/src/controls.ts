/** The form: a control for each parameter that a report's questions take. */

import type { Parameter } from "./api.ts";
import { lastDays, today } from "./days.ts";
import { h } from "./dom.ts";
import { heading } from "./format.ts";
import { stepsBuilder } from "./steps-builder.ts";
import { COMMON, type View } from "./view.ts";

const PRESETS = [7, 30, 90];
/** How the pack says what an empty text means. */
const EMPTY_IS = /; '' is (\w+)$/;
const LISTS: Readonly<Record<string, string>> = {
  app: "apps",
  event: "events",
  page: "pages",
  time_zone: "time-zones",
};

/** Fill the form for a view; `apply` is told of each change. */
export function fillControls(
  form: HTMLFormElement,
  parameters: readonly Parameter[],
  view: View,
  isComparable: boolean,
  apply: (view: View) => void,
): void {
  const controls = parameters.map((each) =>
    control(each, view.given[each.name] ?? each.default ?? ""),
  );
  const compare = isComparable ? [comparison(view.compares)] : [];
  const asking = h("div", { class: "asking" }, ...compare, ...presets(form));
  form.replaceChildren(...controls, asking, ...datalists());
  form.onchange = () => apply(changed(view, form));
  form.onsubmit = (event) => {
    event.preventDefault();
    apply(changed(view, form));
  };
}

/** Return a view as the form has it; where nothing can be compared, the choice is kept for elsewhere. */
function changed({ report, compares }: View, form: HTMLFormElement): View {
  const { compare, ...given } = Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, `${value}`]),
  );
  const canCompare = form.elements.namedItem("compare") !== null;
  return { report, given, compares: canCompare ? compare === "previous" : compares };
}

function control(parameter: Parameter, value: string): HTMLElement {
  const { name, meaning, choices } = parameter;
  if (name === "steps") return stepsBuilder(value);
  const label = h("label", { for: `ask-${name}` }, heading(name));
  const hint = h("small", { id: `hint-${name}` }, meaning.replace(EMPTY_IS, ""));
  const isPlain = (COMMON.includes(name) && name !== "segment") || choices.length > 0;
  return h("div", { class: "field" }, label, field(parameter, value), ...(isPlain ? [] : [hint]));
}

function field({ name, meaning, choices }: Parameter, value: string): HTMLElement {
  const id = `ask-${name}`;
  if (choices.length) {
    const options = choices.map((each) => h("option", { selected: each === value }, each));
    return h("select", { name, id }, ...options);
  }
  if (name === "segment") return conditions(id, value);
  const isDay = name === "start" || name === "end";
  const isNumber = name.endsWith("_hours") || name.endsWith("_days");
  return h("input", {
    name,
    id,
    value,
    type: isDay ? "date" : isNumber ? "number" : "text",
    min: isNumber && 1,
    placeholder: EMPTY_IS.exec(meaning)?.[1],
    list: LISTS[name],
    autocomplete: "off",
    "aria-describedby": !COMMON.includes(name) && `hint-${name}`,
  });
}

/** A condition a line. */
function conditions(id: string, value: string): HTMLElement {
  const rows = value.split("\n").length;
  const described = { "aria-describedby": "hint-segment", placeholder: "all" };
  return h("textarea", { name: "segment", id, rows, ...described }, value);
}

function comparison(compares: boolean): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    name: "compare",
    value: "previous",
    checked: compares,
  });
  return h("label", { class: "check" }, box, h("span", {}, "Compare with the days before"));
}

function presets(form: HTMLFormElement): readonly HTMLElement[] {
  const show = h("button", { class: "primary" }, "Show");
  return [...PRESETS.map((days) => preset(form, days)), show];
}

function preset(form: HTMLFormElement, days: number): HTMLElement {
  const made = h("button", { type: "button" }, `Last ${days} days`);
  made.addEventListener("click", () => {
    const { start, end } = lastDays(days, today(input(form, "time_zone").value));
    input(form, "start").value = start;
    input(form, "end").value = end;
    form.requestSubmit();
  });
  return made;
}

function input(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

function datalists(): readonly HTMLElement[] {
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")].map((value) =>
    h("option", { value }),
  );
  return [
    h("datalist", { id: "time-zones" }, ...zones),
    ...["apps", "events", "pages"].map((id) => h("datalist", { id })),
  ];
}
