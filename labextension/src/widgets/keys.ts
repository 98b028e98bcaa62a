/** The keys that a command has now, as a person set them. */
import { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../command-ids';

export interface IKeys {
  /** A tooltip that ends in the command's keys, where it has any. */
  tip(text: string, command: keyof typeof CommandIDs): string;
  /** The keys alone; empty where it has none. */
  of(command: keyof typeof CommandIDs): string;
}

export function keysOf(commands: CommandRegistry): IKeys {
  const of = (command: keyof typeof CommandIDs): string => {
    const binding = commands.keyBindings.find(item => item.command === CommandIDs[command]);
    return binding ? binding.keys.map(key => CommandRegistry.formatKeystroke(key)).join(' ') : '';
  };
  return {
    of,
    tip: (text, command) => {
      const keys = of(command);
      return keys ? `${text} (${keys})` : text;
    }
  };
}
