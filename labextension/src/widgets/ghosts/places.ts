/**
 * Where ghosts stand. Pure: from proposals and the order of cells to places.
 */
import type { IEditView, IProposalView } from '../../tokens';

/** A permanent spot of a cell: above its input, or below its output. */
export interface ISlot {
  readonly cell: string;
  readonly at: 'top' | 'bottom';
}

/** `landing` marks where a moved cell would go. */
export type Kind = 'insert' | 'replace' | 'delete' | 'move' | 'landing';

/** One ghost to be shown. */
export interface IPlace {
  readonly key: string;
  readonly kind: Kind;
  readonly view: IProposalView;
  readonly edit: IEditView;
  readonly slot: ISlot;
  /** Position (from 1) of the cell that the edit touches or stands behind; 0: before the first. */
  readonly position: number;
  /** A move's destination as `position`; otherwise 0. */
  readonly destination: number;
  /** The cell that it belongs to is gone; it stands where that was. */
  readonly lost: boolean;
  /** It speaks for its proposal: the first of its edits that has a place. */
  readonly primary: boolean;
}

/** Whether a proposal is shown in the notebook. */
export function isOpen(view: IProposalView): boolean {
  const { status } = view.proposal;
  return status === 'drafting' || status === 'pending';
}

/**
 * The ghosts of all open proposals, each slot's in the order in which they stand.
 *
 * Several inserts behind one cell are put as applying them in turn would put
 * them, and an insert behind one that does not exist yet stands under it.
 *
 * @param proposals - Newest first.
 * @param order - Cell ids in notebook order.
 * @param remembered - Where cells were last seen; brought up to date here, so
 *   that an edit whose cell vanishes keeps its place. Without a memory of it
 *   (after a reload, say) it has none, and is shown in the panel only.
 */
export function places(
  proposals: ReadonlyArray<IProposalView>,
  order: ReadonlyArray<string>,
  remembered: Map<string, number>
): IPlace[] {
  const index = new Map(order.map((id, i) => [id, i]));
  const found: IPlace[] = [];
  // Older proposals stand above newer ones behind the same cell.
  for (const view of [...proposals].reverse()) {
    if (isOpen(view)) {
      found.push(...ofProposal(view, order, index, remembered));
    }
  }
  // Next to the cell itself stand the edits that change it.
  const rank = (place: IPlace) => (place.kind === 'insert' || place.kind === 'landing' ? 0 : 1);
  return found
    .map((place, i) => ({ place, i }))
    .sort((a, b) => rank(a.place) - rank(b.place) || a.i - b.i)
    .map(({ place }) => place);
}

function ofProposal(
  view: IProposalView,
  order: ReadonlyArray<string>,
  index: ReadonlyMap<string, number>,
  remembered: Map<string, number>
): IPlace[] {
  if (!order.length) {
    return [];
  }
  const chains = chainInserts(view.edits, index);
  const seen = (id: string): number | undefined => {
    const now = index.get(id);
    if (now !== undefined) {
      remembered.set(id, now);
    }
    return now ?? remembered.get(id);
  };
  const behind = (anchor: string | null): [ISlot, number] | null => {
    if (anchor === null) {
      return [{ cell: order[0]!, at: 'top' }, 0];
    }
    const at = seen(anchor);
    if (at === undefined) {
      return null;
    }
    if (index.has(anchor)) {
      return [{ cell: anchor, at: 'bottom' }, at + 1];
    }
    const before = Math.min(at, order.length);
    return before === 0
      ? [{ cell: order[0]!, at: 'top' }, 0]
      : [{ cell: order[before - 1]!, at: 'bottom' }, before];
  };

  const found: IPlace[] = [];
  const add = (
    edit: IEditView,
    kind: Kind,
    spot: [ISlot, number] | null,
    lost: boolean,
    destination = 0
  ) => {
    if (spot) {
      // By what stays the same when other edits are decided about.
      const key = `${view.proposal.id}:${kind}:${edit.edit.cell_id}`;
      const [slot, position] = spot;
      const primary = false;
      found.push({
        key,
        kind,
        view,
        edit,
        slot,
        position,
        destination,
        lost,
        primary
      });
    }
  };

  for (const [anchor, inserts] of chains) {
    for (const edit of inserts) {
      const lost = anchor !== null && !index.has(anchor);
      add(edit, 'insert', behind(anchor), lost);
    }
  }
  for (const edit of view.edits) {
    const change = edit.edit;
    if (change.op === 'insert') {
      continue;
    }
    const at = index.get(change.cell_id);
    const lost = at === undefined;
    const spot: [ISlot, number] | null = lost
      ? behind(change.cell_id)
      : [{ cell: change.cell_id, at: 'top' }, at + 1];
    seen(change.cell_id);
    const landing = change.op === 'move' ? behind(change.after) : null;
    add(edit, change.op, spot, lost, landing?.[1] ?? 0);
    if (!lost && landing && edit.applies) {
      add(edit, 'landing', [landing[0], at + 1], false);
    }
  }
  const first = Math.min(...found.map(place => place.edit.index));
  return found.map(place => ({
    ...place,
    primary: place.edit.index === first && place.kind !== 'landing'
  }));
}

/** Inserts by the existing cell that they end up behind, in the order in which they would stand. */
function chainInserts(
  edits: ReadonlyArray<IEditView>,
  index: ReadonlyMap<string, number>
): Map<string | null, IEditView[]> {
  const chains = new Map<string | null, IEditView[]>();
  const rootOf = new Map<string, string | null>();
  for (const view of edits) {
    const { edit } = view;
    if (edit.op !== 'insert') {
      continue;
    }
    const after = edit.after;
    const isGhost = after !== null && !index.has(after) && rootOf.has(after);
    const root = isGhost ? rootOf.get(after)! : after;
    const chain = chains.get(root) ?? [];
    const above = chain.findIndex(
      other => other.edit.op === 'insert' && other.edit.cell_id === after
    );
    chain.splice(isGhost ? above + 1 : 0, 0, view);
    chains.set(root, chain);
    rootOf.set(edit.cell_id, root);
  }
  return chains;
}
