import { runPlan } from '../node/experiments/runPlan';
import { runAsServer } from './plan/run';

/** `planRunner PLAN_FOLDER`, started by a window and outliving it. */
const [, , folder] = process.argv;

// A terminal that closes, or the window that started it, takes nothing with it.
process.on('SIGHUP', () => undefined);

runAsServer(
  folder!,
  runPlan,
  (start) => process.connected && process.send?.(start, () => process.disconnect()),
).then(
  () => process.exit(0),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    if (process.connected) process.send?.({ type: 'failed', message }, () => process.exit(1));
    else process.exit(1);
  },
);
