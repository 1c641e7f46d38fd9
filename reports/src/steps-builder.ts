/** The builder of a funnel: an event name for each step, in order, as the JSON that the question takes. */

import { h } from "./dom.ts";

/** Make a builder; its hidden field `steps` has the JSON, and changes like any other. */
export function stepsBuilder(value: string): HTMLElement {
  const hidden = h("input", { type: "hidden", name: "steps", value });
  const list = h("ol");
  const add = h("button", { type: "button" }, "Add a step");
  const made = h("fieldset", { class: "steps-builder" });
  made.append(h("legend", {}, "Steps"), hidden, list, add);

  const inputs = () => [...list.querySelectorAll("input")];
  const write = () => {
    hidden.value = toJson(inputs().map((each) => each.value));
  };
  const changed = () => {
    write();
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const append = (event: string) => {
    const number = inputs().length + 1;
    const attributes = { type: "text", value: event, list: "events", autocomplete: "off" };
    const field = h("input", { ...attributes, "aria-label": `Event of step ${number}` });
    field.addEventListener("input", write);
    const remove = h("button", { type: "button", "aria-label": `Remove step ${number}` }, "×");
    remove.addEventListener("click", () => {
      const kept = inputs().filter((each) => each !== field);
      list.replaceChildren();
      for (const each of kept) append(each.value);
      add.focus();
      changed();
    });
    list.append(h("li", {}, field, remove));
    return field;
  };
  add.addEventListener("click", () => append("").focus());
  for (const event of fromJson(value)) append(event);
  return made;
}

/** Return steps as JSON; nothing if all are empty. */
export function toJson(steps: readonly string[]): string {
  const filled = steps.filter((step) => step !== "");
  return filled.length ? JSON.stringify(filled) : "";
}

/** Return the steps of JSON, two empty ones if it is not a list of texts. */
export function fromJson(text: string): readonly string[] {
  const empty = ["", ""];
  try {
    const steps: unknown = JSON.parse(text);
    return Array.isArray(steps) && steps.every((step) => typeof step === "string") ? steps : empty;
  } catch {
    return empty;
  }
}
