import type { RunTools } from './runTools';

/** The recipe's fine-tuning by the project's own engine and loop. */
export function engineTools(): RunTools {
  const notBuiltIn = (): never => {
    throw new Error('the training engine is not built in');
  };
  return { fineTune: notBuiltIn, fitDecision: notBuiltIn };
}
