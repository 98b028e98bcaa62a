/** The keys that commands have now, a person's own changes included. */
import { CommandRegistry } from '@lumino/commands';

/** A command's key as a person reads it; empty where it has none. */
export type Keys = (command: string) => string;

export function keysOf(commands: CommandRegistry): Keys {
  return command => {
    const binding = commands.keyBindings.find(item => item.command === command);
    return binding ? shown(binding.keys) : '';
  };
}

function shown(keys: ReadonlyArray<string>): string {
  const single = keys.length === 1 ? /^(Shift )?([A-Z])$/.exec(keys[0] ?? '') : null;
  if (single) {
    return single[1] ? single[2]! : single[2]!.toLowerCase();
  }
  return CommandRegistry.formatKeystroke(keys);
}
