// Draw graphs, two in a row; lines have the color of their names below. The reports' ECharts is beside the page.
async (graphs) => {
  const colors = ["#1f6feb", "#d9822b", "#2da44e", "#a371f7", "#cf222e"];
  const { init } = await import("/echarts.js");
  document.body.style =
    "margin:0;padding:12px;display:grid;grid-template-columns:1fr 1fr;gap:16px;" +
    "font:13px sans-serif;background:#fff;color:#24292f";
  for (const { title, unit, lines } of graphs) {
    const figure = document.body.appendChild(document.createElement("figure"));
    figure.style = "margin:0";
    const heading = figure.appendChild(document.createElement("b"));
    heading.textContent = unit ? `${title} (${unit})` : title;
    const chart = figure.appendChild(document.createElement("div"));
    chart.style = "height:190px";
    const names = Object.keys(lines);
    for (const [place, name] of names.entries()) {
      const label = figure.appendChild(document.createElement("span"));
      label.style = `margin-right:14px;color:${colors[place % colors.length]}`;
      label.textContent = `— ${name}`;
    }
    init(chart).setOption({
      animation: false,
      color: colors,
      grid: { left: 48, right: 12, top: 14, bottom: 24 },
      xAxis: { type: "value", min: 0, axisLabel: { formatter: "{value} s" }, splitLine: { show: false } },
      yAxis: { type: "value" },
      series: names.map((name) => ({ type: "line", showSymbol: false, data: lines[name] })),
    });
  }
}
