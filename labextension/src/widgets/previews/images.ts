/** Pictures that carry their own data: the only ones that a preview shows. */

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
const RASTER = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const DATA = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/\s]*={0,2}\s*)$/;

/** Whether an address is a picture of a kind that cannot hold a script, and holds its own data. */
export function isStillImage(address: string): boolean {
  return DATA.test(address);
}

/**
 * The address of an output's picture; null where it has none that can be shown.
 *
 * An SVG is shown as a picture: there browsers run no script in it and load
 * nothing for it.
 */
export function imageOf(data: { readonly [mime: string]: string }): string | null {
  for (const mime of RASTER) {
    const content = data[mime];
    if (content && BASE64.test(content)) {
      return `data:${mime};base64,${content.replace(/\s/g, '')}`;
    }
  }
  const svg = data['image/svg+xml'];
  return svg ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(wellFormed(svg))}` : null;
}

/** A lone surrogate cannot stand in an address. */
function wellFormed(text: string): string {
  return text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd'
  );
}

/** What a picture's metadata says of its size, in pixels. */
export function sizeOf(metadata: string): { readonly width?: number; readonly height?: number } {
  try {
    const all = JSON.parse(metadata) as { readonly [mime: string]: unknown } | null;
    for (const mime of [...RASTER, 'image/svg+xml']) {
      const { width, height } = (all?.[mime] ?? {}) as { width?: unknown; height?: unknown };
      if (isLength(width) || isLength(height)) {
        return {
          ...(isLength(width) ? { width } : {}),
          ...(isLength(height) ? { height } : {})
        };
      }
    }
  } catch {
    // No metadata: the picture has its own size.
  }
  return {};
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 20_000;
}
