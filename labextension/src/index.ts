import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:plugin',
  description: 'Proposals of a model, reviewed in the notebook.',
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => undefined
};

export default [plugin];
