import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Times } from './predictProcess';

/** A process that is asked for some notes at a time, and otherwise waits. */
export class SideProcess {
  private constructor(
    private readonly process: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly loadSeconds: number,
  ) {}

  /** Resolves when the model is loaded and the first notes have been run. */
  static async start(process: ChildProcess): Promise<SideProcess> {
    const lines = createInterface(process.stdout!)[Symbol.asyncIterator]();
    const { loadSeconds } = (await answerOf(lines)) as { loadSeconds: number };
    return new SideProcess(process, lines, loadSeconds);
  }

  async measure(from: number, to: number): Promise<Times> {
    this.process.stdin!.write(`${from} ${to}\n`);
    return (await answerOf(this.lines)) as Times;
  }

  /** Ends the process. */
  async peakBytes(): Promise<number> {
    const ended = new Promise((resolve) => this.process.once('close', resolve));
    this.process.stdin!.end();
    const { peakBytes } = (await answerOf(this.lines)) as { peakBytes: number };
    await ended;
    return peakBytes;
  }
}

async function answerOf(lines: AsyncIterator<string>): Promise<unknown> {
  const { value, done } = await lines.next();
  if (done) throw new Error('a side ended without an answer');
  return JSON.parse(value);
}
