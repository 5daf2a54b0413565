// npm run bench:fuzz [-- --files 10000 --seed 1 --shared DIR]: every corpus reader on broken files. None may throw,
// hang, lose a note silently, or complain without a file; a span that is read lies inside its note. The real files in
// ../shared, where it is at hand, must read without a problem and survive a round trip.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { CorpusFile } from '../src/core/corpus/corpusFile';
import type { ReadResult } from '../src/core/corpus/document';
import type { FormatName } from '../src/core/corpus/formats';
import { WRITABLE } from '../src/core/corpus/formats';
import { readCorpus } from '../src/core/corpus/readCorpus';
import { writeCorpus } from '../src/core/corpus/writeCorpus';
import { cutOff, inventedDocuments, mutate, seeded } from './fuzzCorpora';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    shared: { type: 'string', default: path.join(__dirname, '..', '..', 'shared') },
  },
});

/** Milliseconds that no small file may take: a reader that needs longer hangs. */
const HANG = 1000;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function fuzz(format: FormatName, count: number): { slowest: number; problems: number; failures: string[] } {
  const rng = seeded(Number(values.seed));
  const failures: string[] = [];
  let [slowest, problems] = [0, 0];
  for (let i = 0; i < count; i++) {
    const documents = inventedDocuments(1 + (i % 3), rng);
    const files = writeCorpus(documents, format).files.map(({ name, text }) => ({
      name,
      bytes: encode(text),
    }));
    const broken = Math.floor(rng() * files.length);
    const cut = rng() < 0.2;
    const damage = cut ? cutOff : mutate;
    const wounded = files.map((file, k) =>
      k === broken ? { ...file, bytes: damage(file.bytes, rng) } : file,
    );
    const start = performance.now();
    try {
      const result = readCorpus(wounded, rng() < 0.5 ? {} : { format });
      problems += result.problems.length;
      failures.push(...check(result, wounded).map((failure) => `${format} file ${i}: ${failure}`));
      // A file may end between two notes, and CoNLL's notes run into one when the line between them is broken.
      const fewer = !cut && !format.startsWith('conll') && result.documents.length < documents.length;
      if (fewer && result.problems.length === 0)
        failures.push(`${format} file ${i}: a note lost without a word`);
    } catch (error) {
      failures.push(`${format} file ${i}: threw ${String(error)}`);
    }
    const took = performance.now() - start;
    slowest = Math.max(slowest, took);
    if (took > HANG) failures.push(`${format} file ${i}: took ${took.toFixed(0)} ms`);
  }
  return { slowest, problems, failures };
}

/** What must hold of anything that was read, however broken the files were. */
function check({ documents, problems }: ReadResult, files: readonly CorpusFile[]): string[] {
  const failures: string[] = [];
  const names = new Set(files.map(({ name }) => name));
  for (const { file, message } of problems)
    if (!names.has(file) || message === '') failures.push('a problem without a place');
  if (documents.length === 0 && problems.length === 0) failures.push('nothing read and nothing said');
  if (new Set(documents.map(({ id }) => id)).size < documents.length) failures.push('an id twice');
  for (const { text, annotations } of documents) {
    for (const { label, fragments } of annotations) {
      const inside = fragments.every(
        ({ start, end }, k) => start < end && end <= text.length && start >= (fragments[k - 1]?.end ?? 0),
      );
      if (!inside || fragments.length === 0 || label === '') failures.push('a span outside of its note');
    }
  }
  return failures;
}

/** The real files: no problem in reading, and the same notes and spans after writing them in every format that can. */
function checkShared(): string[] {
  const data = path.join(values.shared, 'data');
  const failures: string[] = [];
  const folder = path.join(data, 'nestedclinbr-train');
  const corpora: Record<string, CorpusFile[]> = {
    'nestedclinbr-train': readdirSync(folder).map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(path.join(folder, name))),
    })),
    'fake-doccano': [
      {
        name: 'fake-doccano.jsonl',
        bytes: new Uint8Array(readFileSync(path.join(data, 'fake-doccano.jsonl'))),
      },
    ],
  };
  for (const [name, files] of Object.entries(corpora)) {
    const read = readCorpus(files);
    const spans = read.documents.reduce((sum, { annotations }) => sum + annotations.length, 0);
    console.log(`${name}: ${read.documents.length} notes, ${spans} spans, ${read.problems.length} problems`);
    for (const { file, line, message } of read.problems) failures.push(`${file}:${line}: ${message}`);
    for (const format of WRITABLE) {
      const written = writeCorpus(read.documents, format);
      const again = readCorpus(written.files.map((file) => ({ name: file.name, bytes: encode(file.text) })));
      const same = places(again) === places(read);
      const lost = written.problems.filter(({ message }) => !message.startsWith('its file is named')).length;
      console.log(`  as ${format.padEnd(12)} ${same ? 'the same' : 'differs'}; ${lost} losses said`);
      if (!same && lost === 0) failures.push(`${name} as ${format}: changed without a word`);
    }
  }
  return failures;
}

/** Texts and spans alone, whatever the ids. */
function places({ documents }: ReadResult): string {
  return documents
    .map(({ text, annotations }) =>
      JSON.stringify([text, annotations.map((one) => [one.label, one.fragments])]),
    )
    .sort()
    .join('\n');
}

const failures = existsSync(values.shared) ? checkShared() : [];
for (const format of WRITABLE) {
  const result = fuzz(format, Number(values.files));
  failures.push(...result.failures);
  const { slowest, problems } = result;
  console.log(
    `${format.padEnd(12)} ${values.files} broken files, ${problems} problems said, slowest ${slowest.toFixed(1)} ms, ` +
      `${result.failures.length} failures`,
  );
}
for (const failure of failures.slice(0, 50)) console.error(failure);
if (failures.length > 0) process.exitCode = 1;
