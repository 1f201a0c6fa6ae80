/** The part of echarts that the figures need. `scripts/bundle-report.mjs` puts it into this file when brine is built. */
export { LineChart, ScatterChart } from "echarts/charts";
export { GridComponent, MarkLineComponent } from "echarts/components";
export { init, use } from "echarts/core";
export { SVGRenderer } from "echarts/renderers";
