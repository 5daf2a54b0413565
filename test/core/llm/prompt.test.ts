import assert from 'node:assert/strict';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { chooseExamples, exampleOf } from '../../../src/core/llm/examples';
import {
  parseTemplate,
  STUDY_TEMPLATE,
  systemPrompt,
  userPrompt,
  writeTemplate,
} from '../../../src/core/llm/prompt';
import { settingsOf } from '../../../src/core/llm/languageModel';
import { parseModelName } from '../../../src/core/llm/modelNames';
import { seededRng } from '../../../src/core/random';

const document = (text: string, ...marks: [number, number, string][]): CorpusDocument => ({
  id: text,
  text,
  annotations: marks.map(([start, end, label]) => ({ label, fragments: [{ start, end }] })),
});

describe('the prompt', () => {
  it('is the study’s, word by word', () => {
    const example = exampleOf(document('Dor há 2 anos', [7, 13, 'Concepts'], [0, 3, 'Disorders']), [
      'Disorders',
      'Concepts',
    ]);
    assert.equal(
      systemPrompt(STUDY_TEMPLATE, ['Disorders', 'Concepts'], [example]),
      'Extract the following entities from the given clinical note in order of appearance. Use exact text for extractions. ' +
        'Do not paraphrase or overlap entities.\nThe entities to extract are: Disorders, Concepts.\n' +
        'See the examples below for the expected format.\n# Clinical note example:\nDor há 2 anos\n' +
        '# Ideal response example:\n' +
        '{"entities":[{"label":"Disorders","text":"Dor"},{"label":"Concepts","text":"2 anos"}]}',
    );
    assert.equal(
      userPrompt(STUDY_TEMPLATE, 'Nega {input_text}. $& {entities}'),
      '# Clinical note:\nNega {input_text}. $& {entities}',
    );
  });

  it('is read from a file, and what is wrong with that is told with its line', () => {
    assert.deepEqual(parseTemplate(writeTemplate(STUDY_TEMPLATE), 'p'), STUDY_TEMPLATE);
    assert.deepEqual(
      parseTemplate(writeTemplate(STUDY_TEMPLATE).replaceAll('\n', '\r\n'), 'p'),
      STUDY_TEMPLATE,
    );
    const wrong: [string, RegExp][] = [
      ['hello', /^p:1: a template begins with/],
      [
        '=== system\n{entities}\n=== sytem\n',
        /^p:3: the parts are system, example, user, each once, not "sytem"$/,
      ],
      ['=== system\n{entities}\n=== system\n', /^p:3: /],
      [
        '=== system\n{entities}\n=== example\n{example_text} {example_response}\n',
        /^p: the part "=== user" is missing$/,
      ],
      [
        '=== system\nx\n=== example\n{example_text} {example_response}\n=== user\n{input_text}',
        /lacks \{entities\}$/,
      ],
    ];
    for (const [text, message] of wrong) assert.throws(() => parseTemplate(text, 'p'), { message });
  });

  it('shows examples of as many labels as there are, drawn by the seed, a text once', () => {
    const poor = Array.from({ length: 40 }, (_, i) => document(`nota ${i}`, [0, 4, 'A']));
    const training = [...poor, document('rica nota', [0, 4, 'A'], [5, 9, 'B']), document('sem marca')];
    const draw = (seed: number, shots = 2) =>
      chooseExamples(training, ['A', 'B'], shots, seededRng(seed)).map(({ id }) => id);
    assert.deepEqual(draw(1), draw(1));
    assert.ok(new Set(Array.from({ length: 20 }, (_, seed) => draw(seed).join())).size > 10);
    const near = chooseExamples(training.slice(35), ['A', 'B'], 1, seededRng(3));
    assert.deepEqual(
      near.map(({ id }) => id),
      ['rica nota'],
    );
    assert.deepEqual(chooseExamples([...poor, ...poor], ['A'], 100, seededRng(1)).length, 40);
    assert.deepEqual(chooseExamples(training, ['C'], 1, seededRng(1)), []);
  });

  it('goes to models by name, checked', () => {
    const besides = { shots: 1, template: STUDY_TEMPLATE, grounding: 'in-order' } as const;
    const of = (name: string, more: object = {}) => settingsOf(parseModelName(name), { ...besides, ...more });
    assert.deepEqual(
      [of('gpt-5@high').api, of('gpt-5@high').effort, of('gpt-4.1').effort],
      ['openai', 'high', undefined],
    );
    assert.equal(of('gemini-2.5-flash-lite').endpoint, 'https://generativelanguage.googleapis.com');
    assert.equal(
      of('qwen3:8b', { endpoint: 'http://localhost:11434/v1/' }).endpoint,
      'http://localhost:11434/v1',
    );
    const wrong: [() => unknown, RegExp][] = [
      [() => of('qwen3:8b'), /say the endpoint/],
      [() => of('gemini-2.5-pro@low'), /Gemini models take none/],
      [() => of('gpt-5@enormous'), /one of minimal, low, medium, high/],
      [() => of('@low'), /a model is needed/],
      [() => of('x', { endpoint: 'localhost:1' }), /a URL such as/],
      [
        () => of('x', { endpoint: 'https://me:secret@host.example/v1' }),
        /^RangeError: host\.example: .*give keys apart$/,
      ],
    ];
    for (const [attempt, message] of wrong)
      assert.throws(attempt, (error: unknown) => message.test(String(error)));
  });
});
