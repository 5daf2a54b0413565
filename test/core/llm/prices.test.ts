import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Allowance } from '../../../src/core/llm/allowance';
import { askingFigures } from '../../../src/core/llm/askingFigures';
import { dollars, priceOf, priceTable, requestCost, SHIPPED_PRICES } from '../../../src/core/llm/prices';
import { NO_USAGE } from '../../../src/core/llm/provider';

describe('prices', () => {
  const price = (model: string) => priceOf(model, [SHIPPED_PRICES])!;

  it('are there for every model of the study, dated and with a source', () => {
    const models = [
      'gpt-4.1',
      'gpt-5-nano',
      'gpt-5-mini',
      'gpt-5',
      'gemini-2.5-flash-lite',
      'gemini-2.5-flash',
      'gemini-2.5-pro',
    ];
    for (const model of models) {
      assert.match(price(model).source, /^https:\/\//);
      assert.match(price(model).date, /^\d{4}-\d\d-\d\d$/);
    }
  });

  it('give the study’s table 4: its three costs follow from its tokens and one and the same prompt', () => {
    const table = [
      ['minimal', 3064, 9.57, 18.3],
      ['low', 6090, 39.83, 81.4],
      ['medium', 10_508, 84.01, 115.5],
    ] as const;
    // 2,408 tokens of prompt are what the row of minimal effort leaves; the other two must agree.
    const input = 2408;
    for (const [effort, tokens, per1000, seconds] of table) {
      const usage = { ...NO_USAGE, input, output: tokens - input };
      const total = dollars(requestCost(usage, price('gpt-5')));
      const quotations = { exact: 3, folded: 0, invented: 1, surplus: 0 };
      const figures = askingFigures([
        { answers: 1, answerSeconds: seconds, tokens: usage, dollars: total, quotations },
      ]);
      assert.equal(figures.dollarsPer1000!.toFixed(2), per1000.toFixed(2), effort);
      assert.deepEqual([figures.tokens, figures.seconds, figures.notGrounded], [tokens, seconds, 0.25]);
    }
  });

  it('are exact however many requests there are, cached tokens apart', () => {
    const count = fc.bigInt({ min: 0n, max: 10n ** 9n });
    fc.assert(
      fc.property(count, count, count, (fresh, cached, output) => {
        const [a, b, c] = [fresh, cached, output].map(Number) as [number, number, number];
        const cost = requestCost(
          { input: a + b, cachedInput: b, output: c, reasoning: 0 },
          price('gpt-5-nano'),
        );
        assert.equal(cost, fresh * 50_000n + cached * 5000n + output * 400_000n);
      }),
    );
    assert.equal(dollars(0n), '0');
    assert.equal(dollars(1n), '0.000000000001');
    assert.equal(dollars(12_340_000_000_000n), '12.34');
  });

  it('are others for long prompts, where a table says so', () => {
    const cost = (input: number) =>
      requestCost({ ...NO_USAGE, input, output: 1000 }, price('gemini-2.5-pro'));
    assert.equal(dollars(cost(200_000)), '0.26');
    assert.equal(dollars(cost(200_001)), '0.5150025');
  });

  it('are a person’s own where there are some, and a snapshot’s are its model’s', () => {
    const own = priceTable.parse({
      ...SHIPPED_PRICES,
      date: '2030-01-01',
      models: [{ model: 'gpt-5', input: '7', cachedInput: '0.5', output: '70', source: 'contract' }],
    });
    const found = (model: string) => priceOf(model, [own, SHIPPED_PRICES]);
    assert.deepEqual([found('gpt-5')!.input, found('gpt-5')!.date], ['7', '2030-01-01']);
    assert.equal(found('gpt-5-2025-08-07')!.source, 'contract');
    assert.equal(found('models/gemini-2.5-pro')!.input, '1.25');
    assert.equal(found('gpt-5-turbo'), undefined);
    for (const input of ['-1', '1e3', '0.1234567', '.5', ''])
      assert.ok(!priceTable.safeParse({ ...own, models: [{ ...own.models[0], input }] }).success, input);
  });

  it('an allowance spreads evenly, catches up with what was misjudged, and limits nothing without a limit', () => {
    const limited = new Allowance(60);
    assert.deepEqual([limited.take(1, 0), limited.take(2, 100), limited.take(1, 200)], [0, 900, 2800]);
    limited.correct(-1);
    assert.equal(limited.take(1, 3000), 0);
    const free = new Allowance(Infinity);
    assert.deepEqual([free.take(1e9, 5), free.take(1e9, 5)], [0, 0]);
  });
});
