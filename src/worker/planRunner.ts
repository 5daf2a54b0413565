import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { runPlan } from '../node/experiments/runPlan';
import type { RunnerStart } from '../protocol/experiments';
import { runAsServer } from './plan/run';
import { carryOutInProcess } from './plan/runProcess';
import { serveRun } from './plan/serveRun';

/** `planRunner PLAN_FOLDER` carries out a plan; `planRunner --run`, which it starts itself, one run of it. */
const [, bundle, argument] = process.argv;

if (argument === '--run') serveOneRun();
else carryOutPlan(argument!);

function serveOneRun(): void {
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  serveRun(connection);
  connection.listen();
  process.on('disconnect', () => process.exit(0));
}

function carryOutPlan(folder: string): void {
  // A terminal that closes, or the window that started it, takes nothing with it.
  process.on('SIGHUP', () => undefined);
  runAsServer(
    folder,
    (plan, { signal, onEvent }) =>
      runPlan(plan, {
        signal,
        onEvent,
        carryOut: (task, hooks) => carryOutInProcess(bundle!, process.execArgv, task, hooks),
      }),
    (start) => tellStarter(start),
  ).then(
    () => process.exit(0),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      console.error(message);
      tellStarter({ type: 'failed', message }, () => process.exit(1));
    },
  );
}

/** Whoever started this process need not live any more. */
function tellStarter(start: RunnerStart, done: () => void = () => undefined): void {
  if (!process.connected) return done();
  process.send!(start, () => {
    if (process.connected) process.disconnect();
    done();
  });
}
