// Our side of bench:epoch, in a process of its own: node epochProcess.js JOB_AS_JSON
import { fineTune } from '../src/node/training/fineTune';
import type { FineTuneJob } from '../src/core/train/settings/jobs';

/** An epoch's training, without what is scored after it. */
export interface EpochTiming {
  readonly seconds: number;
  readonly steps: number;
  /** Of the process at its largest. */
  readonly megabytes: number;
}

async function main(job: FineTuneJob): Promise<void> {
  let started = NaN;
  let steps = 0;
  await fineTune(job, {
    onnx: false,
    onEvent: (event) => {
      if (event.type === 'problem' && event.problem.severity === 'error')
        throw new Error(event.problem.message);
      if (event.type === 'started') started = performance.now();
      if (event.type === 'step') steps += 1;
      if (event.type === 'step' && steps === event.steps) finish(started, steps);
      return Promise.resolve();
    },
  });
}

function finish(started: number, steps: number): void {
  const timing: EpochTiming = {
    seconds: (performance.now() - started) / 1000,
    steps,
    megabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
  process.stdout.write(`${JSON.stringify(timing)}\n`);
  process.exit(0);
}

void main(JSON.parse(process.argv[2]!) as FineTuneJob);
