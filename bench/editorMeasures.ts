import { appendFileSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Predicted } from '../src/protocol/worker';
import { api } from '../test/host/support';
import { watchLoop } from './loopProbe';

/** Hands one value of a measure to scripts/benchEditor.mjs, which knows names and aims. */
export function record(measure: string, value: number): void {
  appendFileSync(process.env.ANAMNESE_BENCH_OUT!, `${JSON.stringify({ measure, value })}\n`);
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs a body and records the longest block of this thread meanwhile, by the clock and in processor time. */
export async function recordingBlocks<T>(measure: string, body: () => Promise<T>): Promise<T> {
  const stop = watchLoop();
  const result = await body();
  const { wallMs, cpuMs } = stop();
  record(`${measure}/wall`, wallMs);
  if (cpuMs !== undefined) record(`${measure}/cpu`, cpuMs);
  return result;
}

/** Types one character and records the milliseconds until the entities of the window around it are there. */
export async function recordKeystroke(
  measure: string,
  editor: vscode.TextEditor,
  offset: number,
): Promise<void> {
  const { document } = editor;
  const place = document.positionAt(offset);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(editor.selection);
  await pause(300);
  const [uri, before] = [document.uri.toString(), document.version];
  const arrived = nextAnswer(
    ({ range, ...answer }) =>
      answer.uri === uri && answer.version > before && range.start <= offset && offset < range.end,
  );
  const worker = workerCpuMs((await api()).service.workerPid!);
  const started = performance.now();
  await vscode.commands.executeCommand('type', { text: 'x' });
  await arrived;
  record(`${measure}/wall`, performance.now() - started);
  const used = workerCpuMs((await api()).service.workerPid!) - worker;
  if (!Number.isNaN(used)) record(`${measure}/worker`, used);
}

/** Processor time of all threads of a process, in steps of ten milliseconds; NaN where there is no /proc. */
function workerCpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return NaN;
  }
}

/** Resolves when the first answer of the kind has been taken in. */
export async function nextAnswer(kind: (answer: Predicted) => boolean, limitMs = 60_000): Promise<void> {
  const { service } = await api();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => (listening.dispose(), reject(new Error('no answer'))), limitMs);
    const listening = service.onPredicted((answer) => {
      if (!kind(answer)) return;
      clearTimeout(late);
      listening.dispose();
      resolve();
    });
  });
}
