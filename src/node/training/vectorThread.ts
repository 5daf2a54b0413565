// A thread of vectorThreads.ts: carries out the tasks that it is sent and sends them back.
import { parentPort } from 'node:worker_threads';
import type { VectorTask } from '../../core/train/engine/parameters/vectorTasks';
import { buffersOf, carryOut } from '../../core/train/engine/parameters/vectorTasks';

parentPort!.on('messageerror', (error) => {
  throw error;
});
parentPort!.on('message', (tasks: readonly VectorTask[]) => {
  const done = tasks.map(carryOut);
  parentPort!.postMessage(done, buffersOf(done));
});
