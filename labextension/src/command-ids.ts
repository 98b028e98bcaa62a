/** The names of the commands; `schema/plugin.json` gives them keys and a menu. */
export const CommandIDs = {
  openPanel: 'llm-notebook:open-panel',
  focusPrompt: 'llm-notebook:focus-prompt',
  askInPlace: 'llm-notebook:ask-in-place',
  fix: 'llm-notebook:fix',
  explain: 'llm-notebook:explain',
  accept: 'llm-notebook:accept',
  acceptAndRun: 'llm-notebook:accept-and-run',
  reject: 'llm-notebook:reject',
  refine: 'llm-notebook:refine',
  nextVersion: 'llm-notebook:next-version',
  previousVersion: 'llm-notebook:previous-version',
  takeBack: 'llm-notebook:take-back',
  rerunStale: 'llm-notebook:rerun-stale',
  next: 'llm-notebook:next-proposal',
  previous: 'llm-notebook:previous-proposal',
  enterReview: 'llm-notebook:enter-review',
  preview: 'llm-notebook:preview',
  leaveReview: 'llm-notebook:leave-review',
  focusLevel: 'llm-notebook:focus-level',
  toggleLevel: 'llm-notebook:toggle-level',
  acceptWord: 'llm-notebook:accept-word'
} as const;
