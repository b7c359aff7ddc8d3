/** A chart of ECharts, drawn on a canvas: whatever names are in the data, they are drawn as text. */
import { BarChart, LineChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'preact/hooks';
import { DARK, LESS_MOTION, useMedia } from './media';

use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  DataZoomComponent,
  CanvasRenderer,
]);

/** Colours of the page, which charts cannot take from the style sheet by themselves. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly panel: string;
  readonly series: readonly string[];
}

/** What a chart shows. */
export interface ChartProps {
  /** Says what can be seen, for those who do not see it. */
  readonly label: string;
  readonly height: number;
  /** ECharts' option, made with the page's colours. */
  readonly option: (palette: Palette) => EChartsCoreOption;
}

export function Chart({ label, height, option }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const isDark = useMedia(DARK);
  const lessMotion = useMedia(LESS_MOTION);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element);
    const palette = readPalette();
    chart.setOption({
      animation: !lessMotion,
      animationDuration: 250,
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      color: [...palette.series],
      ...option(palette),
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, isDark, lessMotion]);

  return <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}

/**
 * A tooltip that is drawn on the canvas too: ECharts' own is made of HTML, in which names from the data would be
 * markup.
 */
export function tooltip(palette: Palette, more: Record<string, unknown> = {}) {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    backgroundColor: palette.panel,
    borderColor: palette.line,
    textStyle: { color: palette.text, fontSize: 12 },
    ...more,
  };
}

/** An axis in the page's colours. */
export function axis(palette: Palette, more: Record<string, unknown> = {}) {
  return {
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.muted, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: palette.line } },
    ...more,
  };
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read('text'),
    muted: read('muted'),
    line: read('line'),
    panel: read('panel'),
    series: [1, 2, 3, 4, 5, 6].map((number) => read(`series-${number}`)),
  };
}
