import type { RunTools } from './runTools';

const notBuiltIn = (): never => {
  throw new Error('the training engine is not built in yet');
};

/** The recipe's fine-tuning by the project's own engine and loop. */
export const engineTools: RunTools = { fineTune: notBuiltIn, fitDecision: notBuiltIn };
