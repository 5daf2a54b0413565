import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answerSchema, parseAnswer } from '../../../src/core/llm/answer';

const LABELS = ['Disorders', 'Chemicals & Drugs', 'Ações'];
const whole = {
  entities: [
    { label: 'Disorders', text: 'dor' },
    { label: 'Ações', text: 'fuma "muito"' },
  ],
};
const json = JSON.stringify(whole);

describe('parseAnswer', () => {
  it('reads what was asked for', () => {
    assert.deepEqual(parseAnswer(json, LABELS), { ...whole, problems: [] });
    assert.deepEqual(parseAnswer('{"entities":[]}', LABELS), { entities: [], problems: [] });
  });

  it('reads other shapes that models give', () => {
    const shapes = [
      JSON.stringify(whole.entities),
      JSON.stringify({ Disorders: ['dor'], Ações: 'fuma "muito"' }),
      JSON.stringify({ result: whole.entities }),
      JSON.stringify({
        entities: whole.entities.map(({ label, text }) => ({ type: label.toUpperCase(), entity: text })),
      }),
    ];
    for (const shape of shapes)
      assert.deepEqual(parseAnswer(shape, LABELS), { ...whole, problems: [] }, shape);
  });

  it('reads what stands in prose or a fence, or has the flaws of JSON by hand, and says that it was no whole JSON', () => {
    const flawed = [
      `Here you are:\n\`\`\`json\n${json}\n\`\`\`\nAnything else?`,
      `\`\`\`\n${json}\n\`\`\``,
      json.replace(']}', ',]}'),
      `{'entities': [{'label': 'Disorders', 'text': 'dor'}, {'label': 'Ações', 'text': 'fuma "muito"'}]}`,
    ];
    for (const one of flawed)
      assert.deepEqual(parseAnswer(one, LABELS), { ...whole, problems: ['repaired'] }, one);
  });

  it('reads an answer that is cut off as far as it goes', () => {
    for (let end = json.indexOf('},') + 1; end < json.length; end++) {
      const { entities, problems } = parseAnswer(json.slice(0, end), LABELS);
      assert.deepEqual(entities[0], whole.entities[0], json.slice(0, end));
      assert.equal(problems[0], 'repaired');
    }
  });

  it('tells what it leaves out', () => {
    const told = (items: unknown[]) => parseAnswer(JSON.stringify({ entities: items }), LABELS).problems;
    assert.deepEqual(told([{ label: 'Objects', text: 'leito' }]), ['unknownLabel']);
    assert.deepEqual(
      told([{ label: 'Disorders' }, 'dor', null, { label: 'Disorders', text: ' ' }]),
      Array(4).fill('notAnEntity'),
    );
    for (const none of ['', 'I cannot help with that.', 'null', '42', '"dor"', '{}'])
      assert.deepEqual(parseAnswer(none, LABELS), { entities: [], problems: ['unreadable'] }, none);
  });

  it('never throws, and gives labels that were asked for alone', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      'entities',
      'label',
      'text',
      'Disorders',
      '```',
      '\\',
      '\n',
      'a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
          fc.json(),
        ),
        (content) => {
          for (const { label, text } of parseAnswer(content, LABELS).entities)
            assert.ok(LABELS.includes(label) && text.trim() !== '');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('asks for a strict schema: every property required, none besides, the labels alone', () => {
    const schema = answerSchema(LABELS) as { properties: { entities: { items: Record<string, unknown> } } };
    assert.deepEqual(schema.properties.entities.items, {
      type: 'object',
      properties: { label: { type: 'string', enum: LABELS }, text: { type: 'string' } },
      required: ['label', 'text'],
      additionalProperties: false,
    });
  });
});
