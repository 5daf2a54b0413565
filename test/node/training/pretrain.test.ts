import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { version } from '../../../package.json';
import type { StateTensor } from '../../../src/core/train/engine';
import type { MaskedExample, MaskedLanguageEngine } from '../../../src/core/train/maskedLanguageEngine';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';
import { createMaskedLanguageEngine } from '../../../src/node/training/engineFactory';
import { pretrain } from '../../../src/node/training/pretrain';
import { toyFolder, toyPretraining } from './toyRun';

/** Guesses by how often each token was hidden so far: one logit a token of the vocabulary, exact gradients, plain descent. */
class UnigramEngine implements MaskedLanguageEngine {
  readonly plan = 'whole-graph';
  updates = 0;
  calls = 0;
  failAt = Infinity;
  private readonly logits = new Float32Array(120);
  private readonly gradient = new Float64Array(120);

  async accumulate(batch: readonly MaskedExample[]): Promise<number> {
    if (++this.calls === this.failAt) throw new Error('killed');
    const powers = Array.from(this.logits, Math.exp);
    const sum = powers.reduce((a, b) => a + b, 0);
    let loss = 0;
    for (const { originals, weight } of batch) {
      for (const id of originals) {
        loss -= weight * Math.log(powers[id]! / sum);
        powers.forEach(
          (power, other) => (this.gradient[other]! += weight * (power / sum - (other === id ? 1 : 0))),
        );
      }
    }
    return loss;
  }

  async update({ learningRate }: { learningRate: number }): Promise<number> {
    this.gradient.forEach((g, id) => (this.logits[id]! -= 500 * learningRate * g));
    this.gradient.fill(0);
    this.updates++;
    return 1;
  }

  async *state(): AsyncGenerator<StateTensor> {
    yield { name: 'cls.predictions.bias', kind: 'weight', shape: [120], values: this.logits };
    yield { name: 'embeddings.LayerNorm.bias', kind: 'weight', shape: [1], values: Float32Array.of(7) };
  }

  async restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void> {
    for await (const { name, values } of tensors) if (name.startsWith('cls')) this.logits.set(values);
    this.updates = updates;
  }

  async dispose(): Promise<void> {
    // Nothing to let go.
  }
}

describe('pretrain', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (out: string, failAt = Infinity): Promise<RunEvent[]> => {
    const events: RunEvent[] = [];
    const createEngine = async (): Promise<MaskedLanguageEngine> =>
      Object.assign(new UnigramEngine(), { failAt });
    await pretrain(toyPretraining(folder, out), {
      createEngine,
      onEvent: (event) => void events.push(event),
      savingShare: 1,
    });
    return events;
  };

  it('learns from texts alone and writes an encoder folder to fine-tune', async () => {
    const losses = (await run('whole')).flatMap((event) => (event.type === 'epoch' ? [event.loss] : []));
    // Of 120 tokens it comes to know the 16 that there are, each about as often as the others.
    assert.ok(losses[0]! > 3.3 && losses.at(-1)! < Math.log(16) + 0.3, String(losses));
    assert.deepEqual(readdirSync(path.join(folder, 'whole')).sort(), [
      ...['README.md', 'config.json', 'model.safetensors', 'training', 'vocab.txt'],
    ]);
    const config = JSON.parse(readFileSync(path.join(folder, 'whole', 'config.json'), 'utf8')) as {
      architectures: string[];
    };
    assert.deepEqual(config.architectures, ['BertForMaskedLM']);
    assert.match(
      readFileSync(path.join(folder, 'whole', 'model.safetensors'), 'latin1'),
      /"bert\.embeddings\.LayerNorm\.bias"/,
    );
  });

  it('leaves a card of what it is and how it was made, without a word of the texts', () => {
    const file = (name: string): string => readFileSync(path.join(folder, ...name.split('/')), 'utf8');
    const card = file('whole/README.md');
    const { settings, result } = JSON.parse(file('whole/training/run.json')) as {
      settings: Record<'encoder' | 'texts', { sha256: string }>;
      result: { history: { loss: number }[] };
    };
    assert.match(card, /^base_model: "encoder"$/m);
    assert.match(card, /^notes\.jsonl: 40 different texts, /m);
    for (const { sha256 } of [settings.encoder, settings.texts]) assert.ok(card.includes(`\`${sha256}\``));
    for (const [i, { loss }] of result.history.entries())
      assert.ok(card.includes(`| ${i + 1} | ${loss.toFixed(4)} |`), card);
    assert.match(card, /^\| seed \| 1 \|$/m);
    assert.match(card, /^\| learningRate \| 0\.01 \|$/m);
    assert.ok(card.includes(`Anamnese ${version} went on`));
    assert.ok(!card.includes(folder), 'no paths of the machine');
    for (const line of file('notes.jsonl').trim().split('\n')) {
      const { text } = JSON.parse(line) as { text: string };
      assert.ok(!card.includes(text.slice(0, 20)), 'no words of a note');
    }
  });

  it('goes on after a failure as if it had never been', async () => {
    for (const failAt of [1, 9, 30]) {
      await assert.rejects(run(`failing-${failAt}`, failAt), /killed/);
      await run(`failing-${failAt}`);
      const [failed, whole] = [`failing-${failAt}`, 'whole'].map((out) =>
        readFileSync(path.join(folder, out, 'model.safetensors')),
      );
      assert.deepEqual(failed, whole);
    }
  });
});

describe('pretrain with the engine itself', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lowers the loss on notes of few words', async () => {
    const losses: number[] = [];
    const onEvent = (event: RunEvent) => void (event.type === 'epoch' && losses.push(event.loss));
    await pretrain(toyPretraining(folder, 'out'), { onEvent });
    // At first it knows nothing of the 120 tokens of the vocabulary.
    assert.ok(losses[0]! > 3 && losses.at(-1)! < Math.log(16) + 0.3, String(losses));
  });

  it('chooses the plan by the memory at hand, says which, and is taken up with it', async () => {
    const started: RunEvent[] = [];
    const asked: unknown[] = [];
    const begin = async (memory: number): Promise<void> => {
      const abort = new AbortController();
      await pretrain(toyPretraining(folder, 'planned'), {
        onEvent: (event) => {
          if (event.type === 'started') started.push(event);
          if (event.type === 'step') abort.abort();
        },
        createEngine: (encoder, options) => {
          asked.push(options.plan);
          return createMaskedLanguageEngine(encoder, { ...options, memory });
        },
        signal: abort.signal,
        savingShare: 1,
      });
    };
    await begin(1e6);
    await begin(1e12);
    const plans = started.map((event) => event.type === 'started' && event.plan);
    assert.deepEqual(plans, ['layer-by-layer', 'layer-by-layer']);
    assert.deepEqual(asked, [{ largestBatch: { tokens: 80, length: 40, guesses: 12 } }, 'layer-by-layer']);
  });

  it('says early that a device does not train', () =>
    assert.rejects(
      pretrain(toyPretraining(folder, 'cuda', { device: 'cuda' }), { onEvent: () => undefined }),
      /^TrainingError: the device cuda predicts but does not train/,
    ));
});
