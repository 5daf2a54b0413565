// Asks in a process of its own, to be killed anywhere: node --import tsx killedAsking.ts URL JOURNAL NOTES
import { settingsOf } from '../../../src/core/llm/languageModel';
import { STUDY_TEMPLATE } from '../../../src/core/llm/prompt';
import { askAll } from '../../../src/node/llm/askAll';
import { Journal } from '../../../src/node/llm/journal';
import { openProvider } from '../../../src/node/llm/openProvider';
import { questions } from './questions';

const [endpoint, file, notes] = process.argv.slice(2) as [string, string, string];
const model = settingsOf(
  { model: 'gpt-5-mini', effort: 'low' },
  { endpoint, shots: 1, template: STUDY_TEMPLATE, grounding: 'in-order' },
);

void (async () => {
  await askAll(
    questions(model, Number(notes)),
    await openProvider(model, {}, 60_000),
    await Journal.open(file),
    {
      concurrency: 8,
      onAnswer: (done, of) => void process.stdout.write(`${done} of ${of}\n`),
    },
  );
})();
