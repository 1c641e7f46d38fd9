/** The page: which report the URL names, its form, and its panels. */

import { type Catalogue, catalogue, type Parameter, type Question } from "./api.ts";
import { fillControls } from "./controls.ts";
import { byId, h } from "./dom.ts";
import { AskError } from "./errors.ts";
import { signIn } from "./login.ts";
import { makePanel, type Shown } from "./panel.ts";
import { isComparable, REPORTS, type Report } from "./reports.ts";
import { suggest } from "./suggestions.ts";
import { otherReport, query, readView, type View } from "./view.ts";

const form = byId("controls") as HTMLFormElement;
let leaving = new AbortController();

async function start(): Promise<void> {
  try {
    await signIn();
    const known = await catalogue();
    window.addEventListener("popstate", () => open(known, readView(location.search)));
    document.addEventListener("click", (event) => followed(known, event));
    const view = readView(location.search);
    history.replaceState(null, "", query(view));
    open(known, view);
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    refuse(error.message);
  }
}

/** Show the report that a view names. */
function open(known: Catalogue, view: View): void {
  const report = Object.hasOwn(REPORTS, view.report) ? REPORTS[view.report] : undefined;
  drawNavigation(view);
  byId("title").textContent = report?.title ?? "Reports";
  document.title = `${report?.title ?? "No report"} – Headwater reports`;
  if (report) openReport(known, report, view);
  else openNone(view.report);
}

/** Show a report with a form of its own. */
function openReport(known: Catalogue, report: Report, view: View): void {
  const parameters = parametersOf(questionsOf(known, report));
  fillControls(form, parameters, view, report.panels.some(isComparable), (changed) => {
    history.pushState(null, "", query(changed));
    drawNavigation(changed);
    ask(known, report, changed);
  });
  ask(known, report, view);
}

function openNone(name: string): void {
  leave();
  form.replaceChildren();
  refuse(`There is no report "${name}": choose one of those above.`);
}

/** Ask a report's questions, and those of the form's lists after them. */
async function ask(known: Catalogue, report: Report, view: View): Promise<void> {
  const signal = leave();
  const panels = report.panels.map((panel) =>
    makePanel(panel, questionOf(known, panel.question), { view, signal, refuse }),
  );
  byId("panels").replaceChildren(...panels.map(({ element }) => element));
  await Promise.all(panels.map(({ fill }) => fill()));
  if (!signal.aborted) await suggest(form, view.given, signal);
  if (report.refreshes) await refresh(panels, report.refreshes, signal);
}

/** Ask anew until the view is left, but not while nobody looks. */
async function refresh(panels: readonly Shown[], seconds: number, signal: AbortSignal) {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    if (!signal.aborted && !document.hidden) await Promise.all(panels.map(({ fill }) => fill()));
  }
}

/** End what is under way, and return the signal of what comes. */
function leave(): AbortSignal {
  leaving.abort();
  leaving = new AbortController();
  byId("refusals").replaceChildren();
  byId("panels").replaceChildren();
  return leaving.signal;
}

/** Say once what cannot be asked, however many panels would. */
function refuse(sentence: string): void {
  const said = [...byId("refusals").children].map((each) => each.textContent);
  if (!said.includes(sentence)) byId("refusals").append(h("p", {}, sentence));
}

function drawNavigation(view: View): void {
  const links = Object.entries(REPORTS).map(([name, { title }]) => {
    const current = name === view.report && "page";
    const href = query(otherReport(view, name));
    return h("li", {}, h("a", { href, "aria-current": current }, title));
  });
  byId("reports").replaceChildren(h("ul", {}, ...links));
}

/** Open a link to another view in place. */
function followed(known: Catalogue, event: MouseEvent): void {
  const link = event.target instanceof Element && event.target.closest('a[href^="?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, "", link.getAttribute("href"));
  open(known, readView(location.search));
  byId("report").focus();
}

function questionsOf(known: Catalogue, report: Report): readonly Question[] {
  return report.panels.map((panel) => questionOf(known, panel.question));
}

function questionOf(known: Catalogue, name: string): Question {
  const found = known.get(name);
  if (!found) throw new Error(`the pack has no ${name}`);
  return found;
}

/** Return each parameter once; questions of a report that share a name share its control. */
function parametersOf(questions: readonly Question[]): readonly Parameter[] {
  const byName = questions
    .flatMap(({ parameters }) => parameters)
    .map((each) => [each.name, each] as const);
  return [...new Map(byName).values()];
}

await start();
