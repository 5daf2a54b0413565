import assert from 'node:assert/strict';
import type { SourceNote } from '../../training/generator';
import { Generator } from '../../training/generator';
import { readNotes, readParts, sourceNote } from '../../training/corpus';
import { readLexicon } from '../../training/lexicon';
import { assertWellFormed } from './markedNotes';

describe('the generator', () => {
  let notes: SourceNote[];
  let generator: Generator;
  before(async () => {
    notes = (await readNotes()).map(sourceNote);
    generator = new Generator(notes, await readLexicon());
  });

  it('keeps every mention of the corpus right', () => {
    for (const document of [...generator.epoch(0, { seed: 1 }), ...generator.epoch(1, { seed: 1 })]) {
      assertWellFormed(sourceNote(document));
    }
  });

  it('gives each note once an epoch, the same for the same seed and epoch, others elsewhere', () => {
    const first = generator.epoch(3, { seed: 5 });
    assert.deepEqual(
      first.map(({ id }) => id),
      notes.map(({ id }) => id),
    );
    assert.equal(JSON.stringify(generator.epoch(3, { seed: 5 })), JSON.stringify(first));
    const others = [generator.epoch(4, { seed: 5 }), generator.epoch(3, { seed: 6 })];
    for (const other of others) {
      const same = other.filter(({ text }, i) => text === first[i]!.text).length;
      assert.ok(same < notes.length / 10, `${same} of ${notes.length} notes are the same`);
    }
  });

  it('leaves the notes as they are at strength 0', () => {
    const documents = generator.epoch(0, { seed: 1, strength: 0 });
    assert.deepEqual(documents.map(sourceNote), notes);
  });

  it('makes an epoch of 1,600 notes in less than five seconds', async () => {
    const many = Array.from({ length: 1600 }, (_, i) => notes[i % notes.length]!);
    const large = new Generator(many, await readLexicon());
    const start = performance.now();
    assert.equal(large.epoch(0, { seed: 1 }).length, 1600);
    assert.ok(performance.now() - start < 5000);
  });
});

describe('the parts of the corpus', () => {
  it('hold every note once, and the held-out ones that the split names', async () => {
    const parts = await readParts();
    const all = Object.values(parts).flat();
    assert.equal(new Set(all.map(({ text }) => text)).size, all.length);
    assert.equal(all.length, (await readNotes()).length);
    assert.ok(parts.validation.length > 50 && parts.test.length > 40);
  });
});
