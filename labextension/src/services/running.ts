/** Cells of a notebook that are with the kernel, as this window sent them. */
import type { IHost } from './host';

export class Running {
  constructor(private readonly _host: IHost) {
    _host.cellScheduled.connect((_, { id }) => this._cells.add(id), this);
    _host.cellExecuted.connect((_, id) => this._cells.delete(id), this);
  }

  /** One that was deleted meanwhile is not waited for: nobody tells of its end. */
  get isAny(): boolean {
    return this._cells.size > 0 && this._host.shared.cells.some(({ id }) => this._cells.has(id));
  }

  /** The kernel is gone. */
  lost(): void {
    this._cells.clear();
  }

  private readonly _cells = new Set<string>();
}
