"""What the benchmark of ghosts runs in the page."""

from __future__ import annotations

# Called in the page. `drawn` waits as a person would see it: two frames, and the layout settled.
TOOLS = """
  const settle = () => nb.content.node.getBoundingClientRect().height
    + nb.content.outerNode.scrollHeight;
  const frame = () => new Promise(requestAnimationFrame);
  const drawn = async () => { settle(); await frame(); await frame(); settle(); };
  const rest = async () => { for (let i = 0; i < 5; i++) await frame();
    await new Promise(done => setTimeout(done, 400)); };
  const shared = nb.content.model.sharedModel;
"""

# Puts a proposal of these edits into the page as the session would send it.
REVIEW = (
    TOOLS
    + """
  const plugin = window.jupyterapp.pluginRegistry._plugins.get('jupyterlab-llm-notebook:plugin');
  const review = plugin.service.of(nb);
  const proposal = (id, edits, status) => ({
    id, status, edits, created: Date.now() / 1000, title: 'Twenty', rationale: '', taken: [],
    edited: [], answer: '', suggestions: [], root: '', version: 1, since: [], part: null,
    context: [], problem: null, notice: '', usage: null,
    origin: {prompt: 'twenty', model: review.model, face: 'panel', target: null, wants: 'edits',
             scope: null, refines: null, clarifies: null, made: []}});
  const send = proposal => review._channel._message.emit({type: 'changed', proposal});
"""
)

SHOW_GHOSTS = (
    REVIEW
    + """
  const began = performance.now();
  send(proposal(id, edits, 'pending'));
  await drawn();
  const took = performance.now() - began;
  const count = nb.node.querySelectorAll('.llm-Ghost').length;
  send(proposal(id, edits, 'rejected'));
  review.dismiss(id);
  await rest();
  return [took, count];
"""
)

INSERT_CELLS = (
    TOOLS
    + """
  const began = performance.now();
  shared.transact(() => {
    // From the end, so that each index still holds.
    for (const {at, id, source} of [...cells].reverse()) {
      shared.insertCell(at, {id, cell_type: 'code', source, metadata: {}, outputs: []});
    }
  });
  await drawn();
  const took = performance.now() - began;
  // JupyterLab draws cells that are far away when it finds the time.
  const made = new Set(cells.map(cell => cell.id));
  const waits = () => nb.content.widgets.some(
    w => made.has(w.model.id) && (w.isPlaceholder() || !w.isAttached));
  while (waits() && performance.now() - began < 60000) await frame();
  await drawn();
  const all = performance.now() - began;
  shared.undo();
  await rest();
  return [took, all, waits()];
"""
)

# Only a person's key accepts: a real one, on a part of ours, sets it off.
ACCEPT_AT_KEY = (
    REVIEW
    + """
  const accepted = async () => {
    const began = performance.now();
    const {outcome, reason} = await review.accept(id);
    settle();
    const called = performance.now() - began;
    await drawn();
    const took = performance.now() - began;
    const sources = shared.cells.map(cell => cell.getSource());
    shared.undo();
    await rest();
    return [called, took, outcome + (reason ?? ''), sources.join('\\0')];
  };
  window.measured = new Promise(resolve => {
    const button = document.createElement('button');
    button.className = 'llm-Measured';
    document.body.append(button);
    button.addEventListener('keydown', () => {
      button.remove();
      resolve(accepted());
    });
    button.focus();
  });
"""
)

ACCEPTED = "return await window.measured;"

TRANSACT = (
    TOOLS
    + """
  const order = shared.cells.map(cell => cell.id);
  const byId = new Map(shared.cells.map(cell => [cell.id, cell]));
  shared.undoManager.stopCapturing();
  const began = performance.now();
  shared.transact(() => {
    const take = id => {
      const at = order.indexOf(id);
      shared.deleteCell(at);
      order.splice(at, 1);
    };
    const put = (after, json) => {
      const at = order.indexOf(after) + 1;
      shared.insertCell(at, json);
      order.splice(at, 0, json.id);
    };
    for (const edit of edits) {
      const cell = byId.get(edit.cell_id);
      const metadata = {llm_notebook: {proposal: 'twenty', op: edit.op, model: 'm', prompt: 'p'}};
      if (edit.op === 'insert') {
        put(edit.after, {id: edit.cell_id, cell_type: 'code', source: edit.source, metadata,
                         outputs: [], execution_count: null});
      } else if (edit.op === 'replace') {
        cell.setSource(edit.source);
        cell.setMetadata('llm_notebook', metadata.llm_notebook);
      } else if (edit.op === 'delete') {
        take(edit.cell_id);
      } else {
        const json = cell.toJSON();
        take(edit.cell_id);
        put(edit.after, json);
      }
    }
  });
  settle();
  const called = performance.now() - began;
  await drawn();
  const took = performance.now() - began;
  const sources = shared.cells.map(cell => cell.getSource());
  shared.undo();
  await rest();
  return [called, took, sources.join('\\0')];
"""
)

PENDING = (
    REVIEW
    + """
  const pending = () => review.proposals.find(view => view.proposal.status === 'pending');
  for (let i = 0; i < 60 && !pending(); i++) await rest();
  if (!pending()) throw new Error(JSON.stringify(review.proposals.map(view => view.proposal)));
  await rest();
  const {id, edits} = pending().proposal;
  return {id, edits};
"""
)
