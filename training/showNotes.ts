// tsx training/showNotes.ts [COUNT] [SEED]: some varied notes with their marks, to look at.
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';
import { markText } from '../src/core/export/markedText';
import { readParts, sourceNote } from './corpus';
import { Generator } from './generator';
import { readLexicon } from './lexicon';

const marking = { open: (label: string): string => `⟦${SEMANTIC_GROUPS[label]} `, close: () => '⟧' };

async function main(count: number, seed: number): Promise<void> {
  const { train } = await readParts();
  const generator = new Generator(train.map(sourceNote), await readLexicon());
  for (const { text, annotations } of generator.epoch(0, { seed }).slice(0, count)) {
    const spans = annotations.map(({ label, fragments: [span] }) => ({ ...span!, label, score: 1 }));
    console.log(`${markText(text, spans, marking)}\n===`);
  }
}

main(Number(process.argv[2] ?? 3), Number(process.argv[3] ?? 1)).catch((error: Error) => {
  console.error(`training/showNotes: ${error.message}`);
  process.exitCode = 1;
});
