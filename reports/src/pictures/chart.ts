/** Lines, columns and bars by ECharts, with a legend and a table of the same numbers. */

import type { Value } from "../api.ts";
import { h } from "../dom.ts";
import { heading, number, text } from "../format.ts";
import { column, matched, numbers, shifted } from "../rows.ts";
import type { Drawn } from "./drawn.ts";
import { table } from "./table.ts";

export interface Spec {
  readonly kind: "lines" | "columns" | "bars";
  readonly along: string;
  readonly measures: readonly string[];
}

interface Series {
  readonly label: string;
  readonly color: string;
  readonly values: readonly (number | null)[];
  readonly isBefore: boolean;
}

const MOST_BARS = 12;
const BAR_PIXELS = 28;
const schemes = matchMedia("(prefers-color-scheme: dark)");

/** Draw a chart. The library comes with the first; until then its place is kept. */
export function chart(given: Drawn, spec: Spec): Node {
  const drawn = aligned(given, spec);
  const series = seriesOf(drawn, spec);
  const label = `${spec.measures.map(heading).join(", ")} by ${heading(spec.along).toLowerCase()}`;
  const place = h("div", {
    class: `chart ${spec.kind}`,
    role: "img",
    "aria-label": `${label}; the table has its numbers`,
  });
  if (spec.kind === "bars")
    place.style.height = `${drawn.answer.rows.slice(0, MOST_BARS).length * BAR_PIXELS + 40}px`;
  void paint(place, drawn, spec, series);
  const below = h("details", {}, h("summary", {}, "As a table"), table({ ...drawn, title: label }));
  return h("figure", {}, legend(series), place, below);
}

/** Set the days before beside those of the answer; bars are matched by their names. */
function aligned(drawn: Drawn, { kind, along }: Spec): Drawn {
  const { answer, before } = drawn;
  return before && kind !== "bars" ? { ...drawn, before: shifted(answer, before, along) } : drawn;
}

function legend(series: readonly Series[]): Node {
  const items = series.map(({ label, color, isBefore }) => {
    const key = h("span", { class: isBefore ? "key dashed" : "key" });
    key.style.setProperty("--color", `var(${color})`);
    return h("li", {}, key, label);
  });
  return h("ul", { class: "legend", "aria-label": "Legend" }, ...items);
}

function seriesOf({ answer, before }: Drawn, { measures }: Spec): readonly Series[] {
  const now = measures.map((name, at) => ({
    label: heading(name),
    color: `--series-${at + 1}`,
    values: numbers(answer, name),
    isBefore: false,
  }));
  if (!before) return now;
  const then = measures.map((name, at) => ({
    label: `${heading(name)} before`,
    color: `--series-${at + 1}`,
    values: matched(answer, before, name),
    isBefore: true,
  }));
  return [...now, ...then];
}

async function paint(place: HTMLElement, drawn: Drawn, spec: Spec, series: readonly Series[]) {
  const { init } = await import("../echarts.ts");
  if (!place.isConnected) return;
  const made = init(place, null, { renderer: "svg" });
  const draw = () => made.setOption(option(place, drawn, spec, series), true);
  const sizes = new ResizeObserver(() => {
    if (place.isConnected) return made.resize();
    sizes.disconnect();
    schemes.removeEventListener("change", draw);
    made.dispose();
  });
  draw();
  sizes.observe(place);
  schemes.addEventListener("change", draw);
}

function option(place: HTMLElement, drawn: Drawn, spec: Spec, series: readonly Series[]) {
  const style = getComputedStyle(place);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const [first = ""] = spec.measures;
  const most = spec.kind === "bars" ? MOST_BARS : Number.POSITIVE_INFINITY;
  const categories = column(drawn.answer, spec.along)
    .slice(0, most)
    .map((value) => name(spec, value, drawn.zone));
  const label = { color: color("--quiet"), fontFamily: style.fontFamily };
  const line = { lineStyle: { color: color("--line") } };
  const across = {
    type: "category",
    data: categories,
    axisLabel: label,
    axisLine: line,
    axisTick: { show: false },
  };
  const along = {
    type: "value",
    axisLabel: { ...label, formatter: (value: number) => number(first, value) },
    splitLine: line,
    minInterval: series.every(isCounted) ? 1 : 0,
  };
  const isBars = spec.kind === "bars";
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: color("--ground"),
      borderColor: color("--line"),
      textStyle: { color: color("--ink"), fontFamily: style.fontFamily },
      valueFormatter: (value: unknown) => text(first, value as Value, drawn.zone),
    },
    xAxis: isBars ? along : across,
    yAxis: isBars ? { ...across, inverse: true } : along,
    series: series.map(({ label: name, color: its, values, isBefore }) => ({
      name,
      type: spec.kind === "lines" ? "line" : "bar",
      stack: spec.kind === "columns" && spec.measures.length > 1 ? `${isBefore}` : undefined,
      data: values.slice(0, most),
      symbolSize: 5,
      barMaxWidth: 40,
      color: color(its),
      lineStyle: { type: isBefore ? "dashed" : "solid", width: 2, opacity: isBefore ? 0.6 : 1 },
      itemStyle: { opacity: isBefore ? 0.45 : 1 },
    })),
  };
}

function isCounted({ values }: Series): boolean {
  return values.every((value) => Number.isInteger(value ?? 0));
}

/** A category that is null is direct traffic, or what the column has none of. */
function name(spec: Spec, value: Value, zone: string): string {
  return value === null ? "none" : text(spec.along, value, zone);
}
