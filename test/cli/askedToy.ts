import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReportHeader } from '../../src/core/report/reportHeader';
import { readCorpusFolder } from '../../src/node/corpusFolder';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** The command in a process of its own, this one staying free to serve; without keys of whoever runs the tests. */
export function runAnamnese(folder: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      env: { ...process.env, OPENAI_API_KEY: '', GEMINI_API_KEY: '', ANAMNESE_LLM_KEY: '' },
    });
    const said = { out: '', error: '' };
    child.stdout.on('data', (more: Buffer) => (said.out += more.toString()));
    child.stderr.on('data', (more: Buffer) => (said.error += more.toString()));
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

/** The right answer to each text. */
export type Gold = ReadonlyMap<string, readonly { readonly label: string; readonly text: string }[]>;

export async function goldIn(file: string): Promise<Gold> {
  const { documents } = await readCorpusFolder(file);
  return new Map(
    documents.map(({ text, annotations }) => [
      text,
      annotations.map(({ label, fragments: [span] }) => ({
        label,
        text: text.slice(span!.start, span!.end),
      })),
    ]),
  );
}

export function headerOf(html: string): ReportHeader {
  return JSON.parse(/id="report-header">(.*?)<\/script>/s.exec(html)![1]!) as ReportHeader;
}

/** What the tests look at of a run's figures. */
export interface Metrics {
  readonly remarks: readonly string[];
  readonly views: {
    readonly text: Readonly<
      Record<
        string,
        { readonly micro: { readonly f1: number; readonly precision: number; readonly recall: number } }
      >
    >;
  };
}

export function metricsIn(file: string): Metrics {
  return JSON.parse(readFileSync(file, 'utf8')) as Metrics;
}
