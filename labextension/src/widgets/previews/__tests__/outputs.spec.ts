// @vitest-environment jsdom
/* eslint-disable no-restricted-properties -- what is drawn is read again as text here */
import { describe, expect, it } from 'vitest';

import type { Output } from '../../../protocol.gen';
import { ansiNodes, overwritten } from '../ansi';
import { safeChart } from '../charts';
import { converted } from '../converted';
import { outputNode, SHORT } from '../outputs';

const output = (data: { [mime: string]: string }, more: Partial<Output> = {}): Output => ({
  kind: 'display',
  text: '',
  data,
  metadata: '{}',
  cut: 0,
  ...more
});
const typeset: HTMLElement[] = [];
const typesetting = {
  markdown: (source: string) =>
    Promise.resolve(source.replace(/!\[.*?\]\((.*?)\)/g, '<img src="$1">')),
  typeset: (node: HTMLElement) => void typeset.push(node),
  chart: () => Promise.resolve<string | null>('aGk=')
};
const drawn = (data: { [mime: string]: string }, more: Partial<Output> = {}): HTMLElement =>
  outputNode(output(data, more), typesetting, false);

describe('outputNode', () => {
  it('draws a picture with its size', () => {
    const metadata = '{"image/png": {"width": 40, "height": "x"}}';
    const image = drawn({ 'image/png': 'aGk=\n', 'text/plain': '<Figure>' }, { metadata });
    const node = image.querySelector('img')!;
    expect(node.getAttribute('src')).toBe('data:image/png;base64,aGk=');
    expect([node.getAttribute('width'), node.getAttribute('height'), node.alt]).toEqual([
      '40',
      null,
      '<Figure>'
    ]);
  });

  it('takes what is no base64 for no picture', () => {
    const node = drawn({ 'image/png': 'x" onerror="alert(1)', 'text/plain': 'plain' });
    expect(node.querySelector('img')).toBeNull();
    expect(node.textContent).toContain('plain');
  });

  it('draws an SVG as a picture only', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script>\ud800</svg>';
    const node = drawn({ 'image/svg+xml': svg });
    expect(node.querySelector('svg, script')).toBeNull();
    expect(node.querySelector('img')!.src).toMatch(/^data:image\/svg\+xml;charset=utf-8,%3Csvg/);
  });

  it.each([
    ['application/javascript', 'script'],
    ['application/vnd.plotly.v1+json', 'plotly figure'],
    ['application/vnd.jupyter.widget-view+json', 'widget'],
    ['application/vnd.bokehjs_exec.v0+json', 'bokeh figure'],
    ['application/pdf', 'application/pdf'],
    ['application/vnd.unknown+html', 'application/vnd.unknown+html']
  ])('shows %s by its text, and says so', (mime, name) => {
    const node = drawn({ [mime]: 'alert(1)', 'text/plain': 'Thing()' });
    expect(node.textContent).toBe(
      `Thing()${name}: not drawn in a preview, scripts do not run here.`
    );
    expect(node.querySelector('script')).toBeNull();
  });

  it('prefers a figure’s own words to the HTML that would draw it', () => {
    const html = '<div id="p"></div><script>Plotly.newPlot("p")</script>';
    const node = drawn({ 'text/html': html, 'text/plain': 'Figure()' });
    expect(node.textContent).toContain('Figure()');
    expect(node.textContent).toContain('scripts do not run here');
    const plotly = { 'application/vnd.plotly.v1+json': '{}', 'text/html': '<b>x</b>' };
    expect(drawn(plotly).textContent).toContain('plotly figure');
  });

  it('draws markdown by the same rules as HTML', async () => {
    const node = drawn({ 'text/markdown': 'hello ![x](http://x.test/a.png) <b onclick=x>b</b>' });
    await Promise.resolve();
    await Promise.resolve();
    expect(node.querySelector('img')).toBeNull();
    expect(node.querySelector('b')!.attributes).toHaveLength(0);
    expect(node.textContent).toContain('http://x.test/a.png');
  });

  it('typesets formulas, but none that makes links, names or styles', () => {
    typeset.length = 0;
    drawn({ 'text/latex': '$\\frac{a}{b}$' });
    expect(typeset).toHaveLength(1);
    for (const source of [
      '$\\href{javascript:alert(1)}{x}$',
      '$\\class{llm-mod-accept}{x}$',
      '$\\style{background:url(http://x.test)}{x}$',
      '$\\def\\a{\\hre}\\a f$',
      '$\\htmlClass{x}{y} \\cssId{a}{b} \\require{html}$'
    ]) {
      expect(drawn({ 'text/latex': source }).textContent).toBe(source);
    }
    expect(typeset).toHaveLength(1);
  });

  it('never makes a link of text', () => {
    const node = drawn({ 'text/plain': 'see http://x.test/ and <img src=x onerror=alert(1)>' });
    expect(node.querySelector('a, img')).toBeNull();
  });

  it('draws the ends of a long text, and all of it when asked', () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `line ${i}`).join('\n');
    const one = output({}, { kind: 'stdout', text });
    const short = outputNode(one, typesetting, false).textContent;
    expect(short.length).toBeLessThan(SHORT + 200);
    expect(short).toContain('line 0');
    expect(short).toContain('line 49999');
    expect(short).toMatch(/\d\d,\d{3} more lines/);
    expect(outputNode(one, typesetting, true).textContent).toBe(text);
  });

  it('says what was left out', () => {
    expect(drawn({}, { kind: 'stdout', text: 'x', cut: 1234 }).textContent).toContain('1,234 more');
  });
});

describe('charts', () => {
  const plain = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    usermeta: { embedOptions: { loader: { baseURL: 'http://x.test' } } },
    data: { values: [{ url: 'a column', x: 1 }] },
    mark: { type: 'point', tooltip: true },
    transform: [{ filter: { field: 'x', gt: 0 } }],
    encoding: { x: { field: 'x', type: 'quantitative' } }
  };

  it('are shown as a picture, without what is said to the one who draws', async () => {
    expect(safeChart(JSON.stringify(plain))).toEqual({
      data: { values: [{ url: 'a column', x: 1 }] },
      mark: { type: 'point' },
      transform: [{ filter: { field: 'x', gt: 0 } }],
      encoding: { x: { field: 'x', type: 'quantitative' } }
    });
    const mime = 'application/vnd.vegalite.v5+json';
    const node = drawn({ [mime]: JSON.stringify(plain), 'text/plain': 'alt.Chart()' });
    expect(node.textContent).toBe('alt.Chart()');
    await Promise.resolve();
    await Promise.resolve();
    expect(node.querySelector('img')!.src).toBe('data:image/png;base64,aGk=');
    expect(node.children[0]!.children).toHaveLength(1);
  });

  it.each([
    { data: { url: 'http://x.test/data.json' } },
    { layer: [{ data: { url: '/api/kernels' } }] },
    { mark: 'image' },
    { mark: { type: 'image', aspect: false } },
    { encoding: { href: { field: 'x' } } },
    { encoding: { url: { field: 'x' } } },
    { mark: { type: 'text', href: 'javascript:alert(1)' } },
    { params: [{ name: 'p', bind: { input: 'text', element: '#jp-main' } }] },
    { params: [{ name: 'p', expr: 'toString()' }] },
    { transform: [{ calculate: 'datum.x', as: 'y' }] },
    { transform: [{ filter: 'datum.x > 1' }] },
    { transform: [{ filter: { and: ['datum.x', { field: 'x', gt: 1 }] } }] },
    { transform: [{ filter: { not: 'datum.x' } }] },
    { encoding: { color: { condition: { test: 'datum.x', value: 'red' } } } },
    { encoding: { x: { axis: { labelExpr: 'datum.label' } } } },
    { title: { text: { signal: 'width' } } },
    { config: { customFormatTypes: true } },
    { background: { expr: 'x' } }
  ])('are not drawn with %j', async more => {
    const mime = 'application/vnd.vegalite.v5+json';
    const text = JSON.stringify({ ...plain, ...more });
    const node = drawn({ [mime]: text, 'text/plain': 'alt.Chart()' });
    await Promise.resolve();
    expect(safeChart(text)).toBeNull();
    expect(node.querySelector('img')).toBeNull();
    expect(node.textContent).toContain('not drawn in a preview');
  });

  it('takes no nonsense', () => {
    expect(safeChart('[')).toBeNull();
    expect(safeChart('[1]')).toBeNull();
    expect(safeChart('{"__proto__": {"x": 1}}')).toBeNull();
    expect(safeChart(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)).toBeNull();
  });
});

describe('text of a terminal', () => {
  const html = (text: string): string => {
    const box = document.createElement('div');
    box.append(ansiNodes(text));
    return box.innerHTML;
  };

  it('has its colours, and nothing of what it cannot show', () => {
    expect(html('a\u001b[31mred\u001b[0m\u001b[2K b')).toBe(
      'a<span class="ansi-red-fg">red</span> b'
    );
    expect(html('\u001b[1;94mx\u001b[39my\u001b[22mz')).toBe(
      '<span class="ansi-blue-intense-fg ansi-bold">x</span><span class="ansi-bold">y</span><span class="">z</span>'.replace(
        '<span class="">z</span>',
        html('\u001b[1m\u001b[22mz')
      )
    );
    expect(html('\u001b]8;;http://x.test\u0007link\u001b]8;;\u0007')).toBe('link');
    expect(html('\u001b[38;5;1mx')).toBe('<span class="ansi-red-fg">x</span>');
    expect(html('\u001b[38;2;1;2;3mx\u001b[31m<b>')).toContain('&lt;b&gt;');
  });

  it('is as a terminal leaves it', () => {
    expect(overwritten('10%\r20%\r100%\ndone')).toBe('100%\ndone');
    expect(overwritten('abc\rx')).toBe('xbc');
    expect(overwritten('a\r\nb')).toBe('a\nb');
    expect(overwritten('ab\b\bc')).toBe('c');
  });
});

describe('converted', () => {
  it('takes what a notebook keeps', () => {
    expect(converted({ output_type: 'stream', name: 'stdout', text: ['a', 'b'] })[0]?.text).toBe(
      'ab'
    );
    const data = { 'text/html': ['<b>', 'x'], 'application/json': { a: 1 } };
    expect(converted({ output_type: 'display_data', data })[0]?.data).toEqual({
      'text/html': '<b>x',
      'application/json': '{"a":1}'
    });
    expect(converted({ output_type: 'error' })).toEqual([]);
  });
});
