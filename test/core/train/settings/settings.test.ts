import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEncoderConfig } from '../../../../src/core/encoder/config';
import { presetParameters, presetPretraining } from '../../../../src/core/train/settings/hyperParameters';
import type { FineTuneValues } from '../../../../src/core/train/settings/overrides';
import { fineTuneParameters, pretrainParameters } from '../../../../src/core/train/settings/overrides';
import type { FineTuneSettings } from '../../../../src/core/train/settings/settings';
import {
  fineTuneSettings,
  firstProblem,
  pretrainSettings,
} from '../../../../src/core/train/settings/settings';
import { encoderPath } from '../../../node/oracleEncoders';

const configOf = (name: 'bert' | 'modernbert') => {
  const file = path.join(encoderPath(name), 'config.json');
  return parseEncoderConfig(readFileSync(file, 'utf8'), file);
};
const modernBert = configOf('modernbert');
assert.ok(modernBert.modelType === 'modernbert');
const preset = presetParameters('default', modernBert.hiddenSize);

function parametersOf(settings: FineTuneSettings, more: Partial<FineTuneValues> = {}) {
  return fineTuneParameters({ preset: 'default', settings, ...more }, modernBert);
}

describe('the settings of a training', () => {
  it('may change every parameter of a preset, and change nothing else', () => {
    const study = presetParameters('study', modernBert.hiddenSize);
    for (const key of Object.keys(preset) as (keyof typeof preset)[]) {
      const settings = fineTuneSettings.parse({ minimumSteps: preset.minimumSteps, [key]: study[key] });
      assert.deepEqual(parametersOf(settings), { ...preset, [key]: study[key] }, key);
    }
  });

  it('change objects key by key', () => {
    const settings: FineTuneSettings = {
      optimiser: { layerDecay: 0.9, average: 0.99 },
      loss: { mean: 'batch' },
    };
    const expected = {
      ...preset,
      optimiser: { ...preset.optimiser, layerDecay: 0.9, average: 0.99 },
      loss: { ...preset.loss, mean: 'batch' },
    };
    assert.deepEqual(parametersOf(settings), expected);
  });

  it('count after the preset and before what is said value by value', () => {
    const settings: FineTuneSettings = { epochs: 7, learningRate: 0.5, warmUp: 0.3, patience: 2, padTo: 64 };
    const { epochs, learningRate, warmUp, patience, padTo } = parametersOf(settings, {
      learningRate: 0.25,
      patience: 9,
    });
    assert.deepEqual([epochs, learningRate, warmUp, patience, padTo], [7, 0.25, 0.3, 9, 64]);
  });

  it('mean so many epochs as they say, unless they say how many steps', () => {
    assert.equal(parametersOf({ epochs: 2 }).minimumSteps, 0);
    assert.equal(parametersOf({ epochs: 2, minimumSteps: 40 }).minimumSteps, 40);
    assert.equal(parametersOf({ epochs: 2, minimumSteps: 40 }, { epochs: 3 }).minimumSteps, 0);
    assert.equal(parametersOf({ warmUp: 0 }).minimumSteps, 300);
  });

  it('reach what no option does: no patience in the study’s preset, the encoder’s own dropout in the default one', () => {
    assert.equal(parametersOf({ patience: null }, { preset: 'study' }).patience, null);
    assert.equal(parametersOf({ dropout: 'config' }).dropout, 'config');
  });

  it('change single rates of the encoder’s own dropout', () => {
    const { embeddingDropout, attentionDropout, classifierDropout } = modernBert;
    assert.deepEqual(parametersOf({ dropout: { hidden: 0.4 } }, { preset: 'study' }).dropout, {
      embeddings: embeddingDropout,
      attention: attentionDropout,
      hidden: 0.4,
      classifier: classifierDropout,
    });
  });

  it('give the rates that the family applies: BERT’s embeddings have that of its layers', () => {
    const bert = configOf('bert');
    const ratesOf = (dropout?: FineTuneSettings['dropout'], study = false) =>
      fineTuneParameters({ preset: study ? 'study' : 'default', settings: { dropout } }, bert).dropout;
    assert.deepEqual(ratesOf(), { embeddings: 0.1, attention: 0, hidden: 0.1, classifier: 0.1 });
    assert.deepEqual(ratesOf({ hidden: 0.3, embeddings: 0.3 }), {
      ...{ embeddings: 0.3, attention: 0, hidden: 0.3, classifier: 0.1 },
    });
    assert.equal(ratesOf(undefined, true), 'config');
    for (const study of [false, true])
      assert.throws(
        () => ratesOf({ embeddings: 0.5 }, study),
        /^TrainingError: dropout\.embeddings: 0\.5, but a BERT drops its embeddings at the rate of hidden \(0\.1\): leave embeddings out$/,
      );
    assert.deepEqual(parametersOf({}).dropout, { embeddings: 0, attention: 0, hidden: 0.1, classifier: 0.1 });
  });

  it('freeze no more than leaves a head to learn', () => {
    const { layers } = modernBert;
    assert.equal(parametersOf({ optimiser: { frozen: layers + 1 } }).optimiser.frozen, layers + 1);
    const settings = { optimiser: { frozen: layers + 2 } };
    const message = new RegExp(
      `^TrainingError: optimiser\\.frozen: ${layers + 2}, but the encoder has ${layers} layers`,
    );
    assert.throws(() => parametersOf(settings), message);
    assert.throws(() => pretrainParameters({ settings }, modernBert), message);
  });

  it('may change every parameter of pretraining', () => {
    const job = { settings: { wholeWords: true, optimiser: { beta1: 0.8 } }, masked: 0.3 };
    const changed = pretrainParameters(job, modernBert);
    const before = presetPretraining(modernBert.hiddenSize);
    assert.deepEqual(changed, {
      ...before,
      wholeWords: true,
      optimiser: { ...before.optimiser, beta1: 0.8 },
      masked: 0.3,
    });
    assert.deepEqual(Object.keys(pretrainSettings.shape).sort(), Object.keys(before).sort());
  });

  for (const [settings, message] of [
    [{ optimiser: { beta3: 1 } }, /^optimiser: beta3 is none of beta1, beta2, .*, average$/],
    [{ warmup: 0.1 }, /^warmup is none of epochs, minimumSteps, .*, thresholds$/],
    [{ warmUp: 2 }, /^warmUp: Too big: expected number to be <=1$/],
    [{ selection: 'best' }, /^selection: .*"honest"\|"study"/],
    [{ epochs: null }, /^epochs: .*expected number, received null/],
    [{ dropout: 'none' }, /^dropout: is neither "config"/],
    [{ dropout: { hiden: 0.1 } }, /^dropout: hiden is none of embeddings, attention, hidden, classifier$/],
    [{ dropout: { hidden: 1.1 } }, /^dropout\.hidden: Too big/],
    [{ batching: { by: 'tokens' } }, /^batching: beside by, size is needed/],
    [[], /^Invalid input: expected object, received array$/],
  ] as const)
    it(`refuse ${JSON.stringify(settings)}`, () => {
      const { error } = fineTuneSettings.safeParse(settings);
      assert.match(firstProblem(error!), message);
    });
});
