/**
 * One output of a dry run, drawn: the best of its forms that is harmless.
 *
 * Only these are drawn at all. What is another (a script, a widget, a figure that
 * needs one) is shown as its text, with a line that says so.
 */
import type { Output } from '../../protocol.gen';
import { ansiNodes, overwritten } from './ansi';
import { CHART, safeChart } from './charts';
import { imageOf, sizeOf } from './images';
import { safeHtml } from './safe-html';

/** Markdown to HTML, and formulas to what is seen; of JupyterLab, where it has them. */
export interface ITypesetting {
  markdown(source: string): Promise<string>;
  typeset(node: HTMLElement): void;
  /** A picture of a chart (PNG, base64); null where it cannot be drawn. */
  chart(mime: string, spec: object): Promise<string | null>;
}

/** Characters of one text that are drawn before a person asks for all of it. */
export const SHORT = 20_000;

const NAMED: { readonly [mime: string]: string } = {
  'application/vnd.plotly.v1+json': 'plotly figure',
  'application/vnd.bokehjs_exec.v0+json': 'bokeh figure',
  'application/vnd.holoviews_exec.v0+json': 'holoviews figure',
  'application/vnd.jupyter.widget-view+json': 'widget',
  'application/javascript': 'script',
  'application/vnd.vega.v5+json': 'vega chart',
  'application/vnd.vega.v6+json': 'vega chart',
  'text/html': 'page with scripts'
};
const ACTIVE = [
  'application/vnd.jupyter.widget-view+json',
  'application/vnd.plotly.v1+json',
  'application/vnd.bokehjs_exec.v0+json',
  'application/vnd.holoviews_exec.v0+json'
];
/** Commands of TeX that make links, names or styles, or hide that they do. */
const TEX =
  /\\(?:href|url|html\w*|class|cssId|style|data|require|[gex]?def|let|(?:re)?new(?:command|environment)|csname|unicode|mmlToken|texttip|mathtip|toggle|bbox|includegraphics|DeclareMathOperator)\b/;

export function isTable({ data }: Output): boolean {
  return /<table[\s>]/i.test(data['text/html'] ?? '');
}

/** @param all - Draw all of a long text. */
export function outputNode(output: Output, typesetting: ITypesetting, all: boolean): HTMLElement {
  const node = document.createElement('div');
  node.className = `llm-Output llm-mod-${output.kind}`;
  if (output.kind === 'stdout' || output.kind === 'stderr') {
    node.append(textNode(output.text, all));
  } else {
    node.append(...richNodes(output, typesetting, all));
  }
  if (output.cut > 0) {
    node.append(remark(`${output.cut.toLocaleString('en')} more characters were left out.`));
  }
  return node;
}

function richNodes(output: Output, typesetting: ITypesetting, all: boolean): Node[] {
  const { data } = output;
  const plain = data['text/plain'] ?? '';
  const active = ACTIVE.find(mime => mime in data);
  const image = imageOf(data);
  if (image !== null) {
    return [imageNode(image, plain, output.metadata)];
  }
  if (active !== undefined) {
    return [...textOf(plain, all), notDrawn(NAMED[active]!)];
  }
  const chart = Object.keys(data).find(mime => CHART.test(mime));
  if (chart !== undefined) {
    return [chartNode(chart, data[chart]!, plain, typesetting)];
  }
  const html = data['text/html'];
  if (html !== undefined) {
    const nodes = htmlNodes(html, plain, all);
    if (nodes) {
      return nodes;
    }
  }
  const markdown = data['text/markdown'];
  if (markdown !== undefined) {
    return [markdownNode(markdown, typesetting)];
  }
  const latex = data['text/latex'];
  if (latex !== undefined) {
    return [latexNode(latex, typesetting)];
  }
  const json = data['application/json'];
  if (json !== undefined) {
    return [textNode(pretty(json), all)];
  }
  const other = Object.keys(data).find(mime => mime !== 'text/plain');
  const said = html !== undefined ? 'text/html' : other;
  return said === undefined
    ? textOf(plain, all)
    : [...textOf(plain, all), notDrawn(NAMED[said] ?? said)];
}

/** Null where nothing is left of it to look at. */
function htmlNodes(html: string, plain: string, all: boolean): Node[] | null {
  const { nodes, missing, isEmpty } = safeHtml(html);
  if (isEmpty) {
    return missing.length > 0 || !plain ? null : textOf(plain, all);
  }
  const node = document.createElement('div');
  node.className = 'jp-RenderedHTMLCommon llm-Output-html';
  node.append(nodes);
  const said: Node[] = [];
  if (missing.includes('scripts')) {
    said.push(remark('Scripts do not run in a preview: what they would draw is missing.'));
  }
  if (missing.includes('length')) {
    said.push(remark('The rest is too long to be drawn here.'));
  }
  return [node, ...said];
}

/** Its text, until there is a picture of it. */
function chartNode(
  mime: string,
  text: string,
  plain: string,
  typesetting: ITypesetting
): HTMLElement {
  const node = document.createElement('div');
  node.append(...textOf(plain, false));
  const spec = safeChart(text);
  const refuse = (why: string): void => node.append(remark(why));
  if (spec === null) {
    refuse('chart: not drawn in a preview, since it loads something or holds expressions.');
    return node;
  }
  void typesetting.chart(mime, spec).then(
    picture => {
      const image = picture === null ? null : imageOf({ 'image/png': picture });
      if (image === null) {
        refuse('chart: it could not be drawn here.');
      } else {
        node.replaceChildren(imageNode(image, plain, '{}'));
      }
    },
    () => refuse('chart: it could not be drawn here.')
  );
  return node;
}

function markdownNode(source: string, typesetting: ITypesetting): HTMLElement {
  const node = document.createElement('div');
  node.className = 'jp-RenderedHTMLCommon llm-Output-html';
  node.append(textNode(source, false));
  void typesetting.markdown(source).then(html => {
    node.replaceChildren(safeHtml(html).nodes);
    if (!TEX.test(source)) {
      typesetting.typeset(node);
    }
  });
  return node;
}

function latexNode(source: string, typesetting: ITypesetting): HTMLElement {
  const node = document.createElement('div');
  node.className = 'jp-RenderedHTMLCommon llm-Output-html llm-Output-latex';
  node.textContent = source;
  if (!TEX.test(source)) {
    typesetting.typeset(node);
  }
  return node;
}

export function imageNode(address: string, alt: string, metadata: string): HTMLElement {
  const image = document.createElement('img');
  image.className = 'llm-Output-image';
  image.src = address;
  image.alt = alt || 'Figure';
  const { width, height } = sizeOf(metadata);
  if (width) {
    image.width = width;
  }
  if (height) {
    image.height = height;
  }
  return image;
}

function textOf(text: string, all: boolean): Node[] {
  return text ? [textNode(text, all)] : [];
}

/** A long text is drawn by its beginning and its end, until a person asks for the rest. */
export function textNode(text: string, all: boolean): HTMLElement {
  const box = document.createElement('div');
  // As JupyterLab's own text, for the colours of a terminal.
  box.className = 'jp-RenderedText llm-Output-plain';
  const pre = document.createElement('pre');
  pre.className = 'llm-Output-text';
  box.append(pre);
  const shown = overwritten(text);
  if (all || shown.length <= SHORT) {
    pre.append(ansiNodes(shown));
    return box;
  }
  const head = shown.slice(0, SHORT / 2);
  const tail = shown.slice(-SHORT / 2);
  const lines = shown.slice(SHORT / 2, -SHORT / 2).split('\n').length;
  pre.append(
    ansiNodes(head),
    remark(`… ${lines.toLocaleString('en')} more lines; Show all draws them …`),
    ansiNodes(tail)
  );
  return box;
}

/** Whether all of it is drawn without being asked for. */
export function isShort(output: Output): boolean {
  const { text, data } = output;
  const long = [text, data['text/plain'] ?? '', data['application/json'] ?? ''];
  return imageOf(data) !== null || long.every(part => part.length <= SHORT);
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function notDrawn(name: string): HTMLElement {
  return remark(`${name}: not drawn in a preview, scripts do not run here.`);
}

export function remark(text: string): HTMLElement {
  const node = document.createElement('div');
  node.className = 'llm-Output-remark';
  node.textContent = text;
  return node;
}
