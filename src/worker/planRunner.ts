import type { PlanEvent } from '../core/experiments/planEvents';
import { runPlan } from '../node/experiments/runPlan';
import type { RunnerStart } from '../protocol/planRunner';
import { AGREED_HOSTS } from '../protocol/planRunner';
import { runAsServer } from './plan/run';
import { runInProcess } from '../node/experiments/runProcess';

/** `planRunner PLAN_FOLDER`, started by a window and outliving it. */
const [, , folder] = process.argv;

/** Hosts that somebody agreed to send notes to: the window that starts this process says so. */
const asking = { agreed: (process.env[AGREED_HOSTS] ?? '').split(',').filter((host) => host !== '') };

// A terminal that closes, or the window that started it, takes nothing with it.
process.on('SIGHUP', () => undefined);
// What fails beside the runs, such as a window that goes while it is written to, must not end them.
process.on('unhandledRejection', (error) => process.stderr.write(`${String(error)}\n`));

runAsServer(
  folder!,
  (plan, { signal, onEvent, askEditor }) =>
    runPlan(plan, {
      signal,
      askEditor,
      asking,
      carryOut: runInProcess,
      onEvent: (event) => {
        logNotice(event);
        return onEvent(event);
      },
    }),
  (start) => tellStarter(start),
).then(
  () => process.exit(0),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    tellStarter({ type: 'failed', message }, () => process.exit(1));
  },
);

/** What was sent where, by count and size, and what a run says besides: the log is what is left of it. */
function logNotice(event: PlanEvent): void {
  if (event.type === 'run' && event.event.type === 'notice')
    process.stderr.write(`${new Date().toISOString()} ${event.id}: ${event.event.message}\n`);
}

/** Whoever started this process need not live any more. */
function tellStarter(start: RunnerStart, done: () => void = () => undefined): void {
  if (!process.connected) return done();
  process.send!(start, () => {
    if (process.connected) process.disconnect();
    done();
  });
}
