// @vitest-environment jsdom
/* eslint-disable no-restricted-properties -- what is drawn is read again as text here */
import { describe, expect, it } from 'vitest';

import { safeHtml } from '../safe-html';

function shown(html: string): HTMLElement {
  const box = document.createElement('div');
  box.append(safeHtml(html).nodes);
  return box;
}

/** Everything that could act, call out, or be taken for a part of the page. */
function dangers(box: HTMLElement): string[] {
  const found: string[] = [];
  const fine =
    /^(?:align|colspan|dir|lang|rowspan|scope|span|start|valign|value|style|src|alt|width|height)$/;
  for (const node of box.querySelectorAll('*')) {
    if (node.namespaceURI !== 'http://www.w3.org/1999/xhtml') {
      found.push(`a foreign <${node.localName}>`);
    }
    if (
      /^(?:script|style|a|form|button|input|iframe|object|svg|math|link|base|meta|template|video|select|details|label|noscript)$/.test(
        node.localName
      )
    ) {
      found.push(`<${node.localName}>`);
    }
    for (const { name, value } of node.attributes) {
      if (!fine.test(name)) {
        found.push(`${name}="${value}"`);
      }
      if (name === 'src' && !/^data:image\/(?:png|jpeg|gif|webp);base64,/.test(value)) {
        found.push(`src="${value}"`);
      }
      if (
        name === 'style' &&
        /url|import|expression|position|image|var|content|behavior|@|\\/i.test(value)
      ) {
        found.push(`style="${value}"`);
      }
    }
  }
  return found;
}

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

describe('safeHtml', () => {
  it('keeps a table, its spans, colours and alignment', () => {
    const box = shown(
      '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th colspan="2">a</th></tr></thead>' +
        '<tbody><tr><th scope="row">0</th><td style="background-color: #ff0000; color: rgb(1, 2, 3)">x &amp; y</td></tr></tbody></table><p>1 rows × 2 columns</p>'
    );
    expect(box.querySelector('th[colspan="2"]')?.textContent).toBe('a');
    expect(box.querySelector('tr')!.style.textAlign).toBe('right');
    expect(box.querySelector('td')!.style.backgroundColor).toBe('rgb(255, 0, 0)');
    expect(box.querySelector('td')!.textContent).toBe('x & y');
    expect(box.textContent).toContain('1 rows × 2 columns');
    expect(dangers(box)).toEqual([]);
  });

  it('keeps a picture that carries its own data, and says of another that it was not loaded', () => {
    const box = shown(`<img src="${PIXEL}" width="10" alt="A"><img src="http://x.test/b.png">`);
    expect(box.querySelectorAll('img')).toHaveLength(1);
    expect(box.querySelector('img')!.getAttribute('width')).toBe('10');
    expect(box.textContent).toContain('http://x.test/b.png');
    expect(safeHtml('<img src="//x.test/b.png">').missing).toEqual(['pictures']);
  });

  it('shows where a link goes, and is none', () => {
    const box = shown('<a href="http://evil.test/" ping="http://p.test">your bank</a>');
    expect(box.querySelector('a')).toBeNull();
    expect(box.textContent).toBe('your bank (http://evil.test/)');
    expect(shown('<a href="http://x.test">http://x.test</a>').textContent).toBe('http://x.test');
    expect(shown('<a href="#top">top</a>').textContent).toBe('top');
  });

  it('says that scripts were left out, and whether anything is left', () => {
    const figure = '<div id="v"></div><script>draw("#v")</script>';
    expect(safeHtml(figure)).toMatchObject({ isEmpty: true, missing: ['scripts'] });
    expect(safeHtml('<p>x</p>')).toMatchObject({ isEmpty: false, missing: [] });
  });

  it('drops names by which the page would find it, and looks that are the page’s', () => {
    const box = shown(
      '<div id="jp-main" class="jp-Dialog llm-Ghost llm-mod-accept" name="x" data-llm-proposal="p" data-command="run" role="button" tabindex="0" aria-label="Accept" title="t" contenteditable hidden slot="s" part="p" is="x">Accept</div>'
    );
    expect(dangers(box)).toEqual([]);
    expect(box.innerHTML).toBe('<div>Accept</div>');
  });

  it('stops at a length and a depth, and says so', () => {
    const long = `<table>${'<tr><td>x</td></tr>'.repeat(500)}</table>`;
    expect(safeHtml(long, 100).missing).toEqual(['length']);
    const deep = '<div>'.repeat(400) + 'x';
    expect(() => safeHtml(deep)).not.toThrow();
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    `<img src="${PIXEL}" onload=alert(1) srcset="http://x.test/a 2x" style="position:fixed">`,
    '<svg onload=alert(1)><image href="http://x.test/a"/><a href="javascript:alert(1)">x</a></svg>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<template><img src=x onerror=alert(1)></template>',
    '<textarea><img src=x onerror=alert(1)></textarea><xmp><img src=x onerror=alert(1)></xmp>',
    '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
    '<a href="javascript:alert(1)">x</a><a href="jAvAs&Tab;cript:alert(1)">y</a>',
    '<a href="http://x.test" ping="http://p.test" target="_blank" download>z</a>',
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe><iframe src="javascript:alert(1)"></iframe>',
    '<object data="http://x.test/x.swf"></object><embed src="http://x.test"><applet code=x></applet>',
    '<link rel=stylesheet href="http://x.test/a.css"><style>@import "http://x.test/a.css"; * {background:url(http://x.test)}</style>',
    '<base href="http://x.test/"><meta http-equiv=refresh content="0;url=http://x.test">',
    '<form action="http://x.test" method=post><button formaction="javascript:alert(1)">Accept</button><input type=image src="http://x.test/i"></form>',
    '<div style="background:url(http://x.test/a)">x</div>',
    '<div style="background-image:url(//x.test/a);position:fixed;inset:0;z-index:99999">x</div>',
    '<div style="color:expression(alert(1));behavior:url(x);-moz-binding:url(x)">x</div>',
    '<div style="width:100vw;background-color:\\75rl(http://x.test)">x</div>',
    '<div style="color: var(--x, url(http://x.test))">x</div>',
    '<table background="http://x.test/a"><tr><td background="http://x.test/b">x</td></tr></table>',
    '<video poster="http://x.test/p" src="http://x.test/v" autoplay></video><audio src="http://x.test/a" autoplay>',
    '<picture><source srcset="http://x.test/a"><img src="http://x.test/b"></picture>',
    '<details open ontoggle=alert(1)><summary>x</summary></details><marquee onstart=alert(1)>x</marquee>',
    '<input autofocus onfocus=alert(1)><select autofocus onfocus=alert(1)><option>x</select>',
    '<p draggable=true ondragstart=alert(1) onclick="document.querySelector(\'.llm-mod-accept\').click()">x</p>',
    '<body onload=alert(1) background="http://x.test"><frameset onload=alert(1)>',
    '<label for="llm-notebook-level">x</label><output for="x" form="y">z</output>',
    '<img src="https://x.test/a.png" lazy><img src="/api/kernels"><img src="files/x.png"><image src="http://x.test">',
    '<?xml-stylesheet href="http://x.test"?><!--><img src=x onerror=alert(1)>--><![CDATA[<script>alert(1)</script>]]>',
    '<custom-element onclick=alert(1) style="background:url(http://x.test)"><b onmouseover=alert(1)>x</b></custom-element>',
    '<p>\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt></p>',
    '<td><script>alert(1)</script></td><plaintext><img src=x onerror=alert(1)>'
  ])('leaves nothing that acts or calls out of %s', html => {
    const box = shown(html);
    expect(dangers(box)).toEqual([]);
    // Nor is there anything in it once it is text again and read again.
    const again = document.createElement('div');
    again.innerHTML = box.innerHTML;
    expect(dangers(again)).toEqual([]);
  });
});
