// One load of bench:tokenizer, in a process of its own: node tokenizerProcess.cjs FOLDER HOW CACHE
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { openTokenizer } from '../src/node/model';

/** The library alone, or ours with a cache (empty at first). */
export type How = 'library' | 'ours';

/** What a load took. */
export interface Load {
  readonly milliseconds: number;
  /** Processor time of all threads, which other programs hardly lengthen. */
  readonly cpuMilliseconds: number;
  /** Of the process at its largest, less what it was before. */
  readonly megabytes: number;
  /** Of a sentence, to see that both read the same. */
  readonly ids: readonly number[];
}

const SENTENCE = 'Paciente com dispneia 😀 aos esforços, afebril; a\u0301gua e 患者.';

async function load(folder: string, how: How, cache: string): Promise<(text: string) => readonly number[]> {
  if (how === 'ours') {
    const tokenizer = await openTokenizer(folder, cache);
    return (text) => [...tokenizer.encode(text).ids];
  }
  const json = (file: string): object => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  return (text) => tokenizer.encode(text).ids;
}

async function main([folder, how, cache]: string[]): Promise<void> {
  const peak = () => (process.resourceUsage().maxRSS * 1024) / 1e6;
  const before = peak();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const encode = await load(folder!, how as How, cache!);
  const [milliseconds, { user, system }] = [performance.now() - began, process.cpuUsage(cpu)];
  const megabytes = peak() - before;
  const answer: Load = {
    milliseconds,
    cpuMilliseconds: (user + system) / 1000,
    megabytes,
    ids: encode(SENTENCE),
  };
  process.stdout.write(JSON.stringify(answer));
}

void main(process.argv.slice(2));
