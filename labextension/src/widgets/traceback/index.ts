/** Which cells of a notebook end in an error, and the bar under each. */
import { isCodeCellModel, type ICellModel, type ICodeCellModel } from '@jupyterlab/cells';

import type { ErrorInfo } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import { CellMarks } from '../cell-marks';
import type { IKeys } from '../keys';
import { TracebackBar, type Help } from './bar';
import { errorOf, type IErrorOutput } from './errors';

/** The last error among a cell's outputs, saved ones too. */
function lastError(model: ICodeCellModel): ErrorInfo | null {
  const { outputs } = model;
  for (let index = outputs.length - 1; index >= 0; index--) {
    const output = outputs.get(index);
    if (output.type === 'error') {
      return errorOf(output.toJSON() as IErrorOutput, model.id);
    }
  }
  return null;
}

function isSame(a: ErrorInfo, b: ErrorInfo): boolean {
  return a.type === b.type && a.message === b.message && a.line === b.line;
}

export class Tracebacks extends CellMarks {
  constructor(
    review: IReview,
    private readonly keys: IKeys
  ) {
    super(review);
    review.panel.content.modelChanged.connect(this.onModel, this);
    this.onModel();
  }

  override dispose(): void {
    cancelAnimationFrame(this.frame);
    super.dispose();
  }

  /** The error that a cell ended in, if any. */
  errorIn(cell: string): ErrorInfo | null {
    this.read();
    return this.errors.get(cell) ?? null;
  }

  /** Ask about the error of a cell; false where it shows none. */
  ask(cell: string, help: Help): boolean {
    const error = this.errorIn(cell);
    if (!error) {
      return false;
    }
    this.draw();
    const bar = this.bars.get(cell);
    if (bar instanceof TracebackBar) {
      bar.ask(help);
    }
    return true;
  }

  private onModel(): void {
    this.review.panel.content.model?.cells.changed.connect(this.onCells, this);
    this.onCells();
  }

  private onCells(): void {
    this.isBehind = true;
    for (const model of this.review.panel.content.model?.cells ?? []) {
      if (!this.known.has(model) && isCodeCellModel(model)) {
        this.known.add(model);
        model.outputs.changed.connect(() => this.onOutputs(model));
        this.dirty.add(model);
      }
    }
    this.schedule();
  }

  private onOutputs(model: ICodeCellModel): void {
    this.dirty.add(model);
    this.schedule();
  }

  private schedule(): void {
    if (!this.frame && !this.isDisposed) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.read();
        // Most outputs are no errors, and come often.
        if (this.isBehind) {
          this.draw();
        }
      });
    }
  }

  private read(): void {
    for (const model of this.dirty) {
      const error = model.isDisposed ? null : lastError(model);
      const before = this.errors.get(model.id);
      this.isBehind ||= !!error !== !!before;
      if (error) {
        this.errors.set(model.id, error);
        if (before && !isSame(before, error)) {
          this.renewed.add(model.id);
          this.isBehind = true;
        }
      } else {
        this.errors.delete(model.id);
      }
    }
    this.dirty.clear();
  }

  private draw(): void {
    this.isBehind = false;
    const { review, keys, errors } = this;
    const cells = review.panel.content.widgets.map(cell => cell.model.id);
    this.bars.set(
      cells
        .filter(cell => errors.has(cell))
        .map(cell => ({
          key: cell,
          cell,
          at: 'bottom' as const,
          make: () =>
            new TracebackBar({
              review,
              keys,
              cell,
              error: () => errors.get(cell)!,
              number: () =>
                review.panel.content.widgets.findIndex(item => item.model.id === cell) + 1
            })
        }))
    );
    for (const cell of this.renewed) {
      const bar = this.bars.get(cell);
      if (bar instanceof TracebackBar) {
        bar.renew();
      }
    }
    this.renewed.clear();
  }

  private readonly errors = new Map<string, ErrorInfo>();
  private readonly dirty = new Set<ICodeCellModel>();
  private readonly renewed = new Set<string>();
  private readonly known = new WeakSet<ICellModel>();
  /** What is drawn is not what should be. */
  private isBehind = true;
  private frame = 0;
}
