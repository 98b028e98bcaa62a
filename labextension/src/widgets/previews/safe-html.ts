/**
 * HTML of code that nobody has reviewed, as nodes that can neither act nor call out.
 *
 * The text is parsed into an inert document, which runs nothing and fetches
 * nothing. What is known to be harmless is then built anew, node by node, by its
 * name: elements by `ELEMENTS`, attributes by `ATTRIBUTES` with a check of each
 * value, and pictures that carry their own data. Nothing is ever turned back into
 * text and parsed a second time, so that there is nothing to mutate in between.
 * Names that the page goes by (`id`, `class`, `name`, `data-*`) are not kept, so
 * that an output cannot look like, or be found as, a part of JupyterLab or of us.
 */
import { isStillImage } from './images';

/** Kept under their own name. */
const ELEMENTS = new Set(
  (
    'table caption colgroup col thead tbody tfoot tr th td ' +
    'div p span br hr pre code kbd samp var blockquote q cite ' +
    'b strong i em u s small sub sup mark del ins abbr time wbr ' +
    'h1 h2 h3 h4 h5 h6 ul ol li dl dt dd figure figcaption'
  ).split(' ')
);

/** Left out with all that is in them. What is in neither list gives its contents. */
const DROPPED = new Set(
  (
    'script style template noscript noembed noframes iframe frame frameset object embed applet ' +
    'param svg math head title base link meta select option optgroup datalist textarea input ' +
    'audio video source track canvas map area dialog portal slot'
  ).split(' ')
);

/** Of no use in our own nodes; nor could a person tell a button that is drawn from a real one. */
const NUMBER = /^\d{1,4}$/;
const SIZE = /^\d{1,4}(?:\.\d{1,4})?(?:px|%)?$/;
const ATTRIBUTES: { readonly [name: string]: RegExp } = {
  align: /^(?:left|right|center|justify)$/i,
  colspan: NUMBER,
  dir: /^(?:ltr|rtl|auto)$/i,
  lang: /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i,
  rowspan: NUMBER,
  scope: /^(?:row|col|rowgroup|colgroup)$/i,
  span: NUMBER,
  start: NUMBER,
  valign: /^(?:top|middle|bottom|baseline)$/i,
  value: NUMBER
};

/** Properties that colour and align text. Values hold no function but those of colours. */
const STYLES = new Set(
  (
    'color background-color font-weight font-style text-align text-decoration-line ' +
    'vertical-align white-space'
  ).split(' ')
);
const STYLE_VALUE = /^(?:[#\w\s.,%-]|(?:rgb|rgba|hsl|hsla)\([\d\s.,%/deg-]*\))*$/i;

/** Enough for a table of tens of thousands of cells; more would stop the page. */
export const MOST_NODES = 60_000;
/** Deeper is no table; the parser itself stops at about 500. */
const DEEPEST = 200;

export interface ISafe {
  readonly nodes: DocumentFragment;
  /** What cannot be shown for what it is, named; empty where nothing was lost that is seen. */
  readonly missing: ReadonlyArray<'scripts' | 'pictures' | 'length'>;
  /** Whether there is anything to see. */
  readonly isEmpty: boolean;
}

export function safeHtml(html: string, most = MOST_NODES): ISafe {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const maker = new Maker(most);
  const nodes = document.createDocumentFragment();
  maker.copy(parsed.body, nodes, 0);
  return {
    nodes,
    missing: [...maker.missing].sort(),
    isEmpty: !maker.hasContent
  };
}

class Maker {
  constructor(private readonly _most: number) {}

  readonly missing = new Set<'scripts' | 'pictures' | 'length'>();
  hasContent = false;

  /** Build what is in `from` anew in `into`. */
  copy(from: Node, into: Node, depth: number): void {
    for (const node of from.childNodes) {
      if (this._count++ > this._most || depth > DEEPEST) {
        this.missing.add('length');
        return;
      }
      if (node.nodeType === Node.TEXT_NODE) {
        const text = node.nodeValue ?? '';
        this.hasContent ||= text.trim() !== '';
        into.appendChild(document.createTextNode(text));
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        this._element(node as Element, into, depth);
      }
    }
  }

  private _element(element: Element, into: Node, depth: number): void {
    // By the name that it has in its own namespace: what only looks like HTML is none.
    const isHtml = element.namespaceURI === 'http://www.w3.org/1999/xhtml';
    const name = isHtml ? element.localName : 'svg';
    if (name === 'img') {
      this._image(element, into);
    } else if (name === 'a') {
      this._link(element, into, depth);
    } else if (ELEMENTS.has(name)) {
      const made = document.createElement(name);
      keepAttributes(element, made);
      this.copy(element, made, depth + 1);
      into.appendChild(made);
    } else if (DROPPED.has(name)) {
      if (name === 'script' || name === 'iframe' || name === 'object' || name === 'embed') {
        this.missing.add('scripts');
      } else if (name === 'svg' || name === 'canvas' || name === 'video') {
        this.missing.add('pictures');
      }
    } else {
      this.copy(element, into, depth + 1);
    }
  }

  private _image(element: Element, into: Node): void {
    const source = element.getAttribute('src') ?? '';
    const alt = element.getAttribute('alt') ?? '';
    if (!isStillImage(source)) {
      this.missing.add('pictures');
      const said = source && !source.startsWith('data:') ? `: ${shortened(source)}` : '';
      this.hasContent = true;
      into.appendChild(document.createTextNode(`[picture not loaded${said}${alt && `, ${alt}`}]`));
      return;
    }
    const made = document.createElement('img');
    made.src = source;
    made.alt = alt;
    for (const side of ['width', 'height']) {
      const value = element.getAttribute(side) ?? '';
      if (SIZE.test(value)) {
        made.setAttribute(side, value);
      }
    }
    this.hasContent = true;
    into.appendChild(made);
  }

  /** A link is its words, with the address where that is another. */
  private _link(element: Element, into: Node, depth: number): void {
    this.copy(element, into, depth + 1);
    const address = (element.getAttribute('href') ?? '').trim();
    const words = (element.textContent ?? '').trim();
    if (address && !address.startsWith('#') && address !== words) {
      this.hasContent = true;
      into.appendChild(document.createTextNode(` (${shortened(address)})`));
    }
  }

  private _count = 0;
}

function keepAttributes(from: Element, to: HTMLElement): void {
  for (const [name, allowed] of Object.entries(ATTRIBUTES)) {
    const value = from.getAttribute(name);
    if (value !== null && allowed.test(value.trim())) {
      to.setAttribute(name, value.trim());
    }
  }
  // As the browser has understood it, in a document that fetches nothing.
  const { style } = from as HTMLElement;
  for (const name of STYLES) {
    const value = style?.getPropertyValue(name) ?? '';
    if (value && STYLE_VALUE.test(value)) {
      to.style.setProperty(name, value);
    }
  }
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
