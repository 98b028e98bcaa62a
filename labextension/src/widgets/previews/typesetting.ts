/** What JupyterLab itself draws of a preview, from what was made safe before. */
import { MimeModel, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { JSONObject } from '@lumino/coreutils';

import { CHART } from './charts';
import type { ITypesetting } from './outputs';

export function typesettingOf(rendermime: IRenderMimeRegistry): ITypesetting {
  return {
    markdown: async source => (await rendermime.markdownParser?.render(source)) ?? '',
    typeset: node => void rendermime.latexTypesetter?.typeset(node),
    chart: (mime, spec) => chart(rendermime, drawable(rendermime, mime), spec as JSONObject)
  };
}

/** The same type, or, where JupyterLab is behind the library, the newest version that it draws. */
function drawable(rendermime: IRenderMimeRegistry, mime: string): string {
  const known = rendermime.mimeTypes.filter(type => CHART.test(type)).sort();
  return known.includes(mime) ? mime : (known[known.length - 1] ?? mime);
}

/** JupyterLab's chart makes a picture of itself; that is taken, and the chart let go. */
async function chart(
  rendermime: IRenderMimeRegistry,
  mime: string,
  spec: JSONObject
): Promise<string | null> {
  if (!rendermime.mimeTypes.includes(mime)) {
    return null;
  }
  let picture: string | null = null;
  const embed_options = { actions: false, tooltip: false, hover: false, renderer: 'canvas' };
  const model = new MimeModel({
    data: { [mime]: spec },
    metadata: { [mime]: { embed_options } },
    trusted: false,
    callback: ({ data }) => {
      const png = data?.['image/png'];
      picture = typeof png === 'string' ? png : null;
    }
  });
  const renderer = rendermime.createRenderer(mime);
  try {
    await renderer.renderModel(model);
  } finally {
    renderer.dispose();
  }
  return picture;
}
