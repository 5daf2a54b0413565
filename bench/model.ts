// npm run bench:model [-- --model DIR --shared DIR]: what the default model finds, in characters right and wrong.
// Held-out hand-written notes always; real notes with gold where the folder ../shared is at hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { GoldSpan, MarkedNote } from '../src/core/corpus/inlineMarkup';
import { parseMarkedNotes } from '../src/core/corpus/inlineMarkup';
import { countCharacters, summarize } from '../src/core/evaluate/characters';
import type { Counts } from '../src/core/evaluate/rates';
import { addCounts } from '../src/core/evaluate/rates';
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';
import { predictTexts } from '../src/core/predict/predictor';
import type { Predictor } from '../src/core/predict/predictor';
import type { Precision } from '../src/core/ports';
import type { CodePoint } from '../src/core/text/offsets';
import { offsetMap } from '../src/core/text/offsets';
import { openModel } from '../src/node/model';
import { sha256 } from './sha256';

const root = path.join(__dirname, '..');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: path.join(root, 'models', 'anamnese-default') },
    shared: { type: 'string', default: path.join(root, '..', 'shared') },
    errors: { type: 'boolean', default: false },
  },
});
const groups = Object.keys(SEMANTIC_GROUPS);

/** The annotators' four labels of NestedClinBr, and the groups that they cover. */
const nestedClinBr: Record<string, string[]> = {
  Problema: ['Disorders'],
  Tratamento: ['Chemicals & Drugs', 'Devices', 'Procedures'],
  Teste: ['Procedures', 'Phenomena', 'Physiology'],
  Anatomia: ['Anatomy'],
};

function heldOut(part: string): MarkedNote[] {
  const parts: Record<string, string[]> = JSON.parse(
    readFileSync(path.join(root, 'corpus', 'split.json'), 'utf8'),
  );
  const folder = path.join(root, 'corpus', 'notes');
  const notes = readdirSync(folder).flatMap(
    (file) => parseMarkedNotes(readFileSync(path.join(folder, file), 'utf8')).notes,
  );
  const keys = new Set(parts[part]);
  return notes.filter(({ text }) => keys.has(sha256(text).slice(0, 12)));
}

interface SilverNote {
  readonly file: string;
  readonly entities: readonly { start: CodePoint; end: CodePoint; label: string }[];
}

function silver(): MarkedNote[] {
  const lines = readFileSync(path.join(values.shared, 'data', 'nestedclinbr-groups.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { file, entities } = JSON.parse(line) as SilverNote;
    const text = readFileSync(path.join(values.shared, 'data', 'nestedclinbr-train', file), 'utf8');
    const { toUtf16 } = offsetMap(text);
    return {
      text,
      spans: entities.map(({ start, end, label }) => ({ start: toUtf16(start), end: toUtf16(end), label })),
    };
  });
}

function human(): MarkedNote[] {
  const folder = path.join(values.shared, 'data', 'nestedclinbr-train');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ann'));
  return files.sort().map((file) => {
    const text = readFileSync(path.join(folder, file.replace(/ann$/, 'txt')), 'utf8');
    const { toUtf16 } = offsetMap(text);
    const spans = readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .flatMap((line) => [...line.matchAll(/^T\d+\t(\S+) ([\d ;]+)\t/g)])
      .flatMap(([, label, offsets]) =>
        offsets!.split(';').map((fragment) => {
          const [start, end] = fragment.split(' ').map(Number);
          return { start: toUtf16(start!), end: toUtf16(end!), label: label! };
        }),
      );
    return { text, spans };
  });
}

async function score(
  notes: readonly MarkedNote[],
  predictor: Predictor,
  labels: readonly string[],
  map: (group: string) => string[],
): Promise<Map<string, Counts>> {
  const totals = new Map<string, Counts>();
  const predicted = await predictTexts(
    notes.map(({ text }) => text),
    predictor,
  );
  for (const [i, { text, spans }] of notes.entries()) {
    const mapped = predicted[i]!.flatMap((entity) =>
      map(entity.label).map((label) => ({ ...entity, label })),
    );
    for (const [label, counts] of countCharacters(text.length, spans, mapped, labels)) {
      const before = totals.get(label);
      totals.set(label, before ? addCounts(before, counts) : counts);
    }
    if (values.errors) collectErrors(text, spans, mapped);
  }
  return totals;
}

const misses = new Map<string, Map<string, number>>();

/** Counts words of gold that got no character of their label, and predicted words without any gold. */
function collectErrors(text: string, gold: readonly GoldSpan[], predicted: readonly GoldSpan[]): void {
  const note = (kind: string, one: GoldSpan, others: readonly GoldSpan[]): void => {
    if (others.some((other) => other.label === one.label && other.start < one.end && one.start < other.end))
      return;
    const words = misses.get(`${one.label}: ${kind}`) ?? new Map<string, number>();
    const key = text.slice(one.start, one.end).toLowerCase().replace(/\s+/g, ' ');
    misses.set(`${one.label}: ${kind}`, words.set(key, (words.get(key) ?? 0) + 1));
  };
  for (const one of gold) note('missed', one, predicted);
  for (const one of predicted) note('spurious', one, gold);
}

function print(title: string, totals: ReadonlyMap<string, Counts>): void {
  const { micro, macro, perLabel } = summarize(totals);
  console.log(`\n${title}\n  micro F1 ${micro.toFixed(4)}   macro F1 ${macro.toFixed(4)}`);
  for (const [label, { precision, recall, f1, support }] of perLabel) {
    const rates = [precision, recall, f1].map((rate) => rate.toFixed(3)).join('  ');
    console.log(`  ${label.padEnd(24)} P R F1  ${rates}  of ${support} characters`);
  }
}

async function main(): Promise<void> {
  for (const precision of ['int8', 'fp32'] satisfies Precision[]) {
    const model = await openModel(values.model, { device: 'cpu', precision, onNotice: console.error });
    const same = (group: string): string[] => [group];
    const own = heldOut('test');
    print(
      `${precision}: ${own.length} held-out hand-written notes`,
      await score(own, model.predictor, groups, same),
    );
    if (existsSync(values.shared)) {
      const real = silver();
      print(
        `${precision}: ${real.length} real notes, twelve groups (silver)`,
        await score(real, model.predictor, groups, same),
      );
      const labels = Object.keys(nestedClinBr);
      const map = (group: string): string[] => labels.filter((label) => nestedClinBr[label]!.includes(group));
      const gold = human();
      print(
        `${precision}: ${gold.length} real notes, human gold by mapping`,
        await score(gold, model.predictor, labels, map),
      );
    }
    await model.dispose();
    if (!values.errors) continue;
    for (const [kind, words] of [...misses].sort()) {
      const common = [...words].sort((a, b) => b[1] - a[1]).slice(0, 12);
      console.log(`${kind}: ${common.map(([word, count]) => `${word} ×${count}`).join('; ')}`);
    }
    misses.clear();
  }
}

void main();
