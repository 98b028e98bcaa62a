/** An output as a notebook keeps it, in the form of a dry run's. Pure. */
import type { Output } from '../../protocol.gen';

export type Loose = { readonly [key: string]: unknown };

export function converted(output: Loose): Output[] {
  const base = { text: '', data: {}, metadata: '{}', cut: 0 };
  if (output.output_type === 'stream') {
    const kind = output.name === 'stderr' ? 'stderr' : 'stdout';
    return [{ ...base, kind, text: joined(output.text) }];
  }
  if (output.output_type === 'display_data' || output.output_type === 'execute_result') {
    const kind = output.output_type === 'execute_result' ? 'result' : 'display';
    const data = Object.entries((output.data ?? {}) as Loose).map(
      ([mime, value]) => [mime, joined(value)] as const
    );
    const metadata = JSON.stringify(output.metadata ?? {});
    return [{ ...base, kind, data: Object.fromEntries(data), metadata }];
  }
  return [];
}

function joined(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  return Array.isArray(value) && value.every(item => typeof item === 'string')
    ? value.join('')
    : JSON.stringify(value ?? '');
}
