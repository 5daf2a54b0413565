import * as vscode from 'vscode';
import { strategies } from '../../core/train/balance/strategy';
import type { TrainingChoices } from './choices';
import type { Answer, Place } from './pick';
import { askNumber, pickMany, pickOne } from './pick';
import { shownDuration, strategyName } from './words';

export interface TrainingQuestion extends Place {
  /** Whether several strategies, schemes and seeds make a comparison, or one of each a model. */
  readonly many: boolean;
  readonly encoders: number;
  /** Seconds that these would take, by what earlier runs took; undefined where none tells. */
  estimate(choices: TrainingChoices): number | undefined;
}

type Field = 'start' | 'strategies' | 'schemes' | 'seeds' | 'epochs' | 'preset';

/** One line with all that is going to be: Enter starts, any other item changes one thing and comes back. */
export async function chooseTraining(
  question: TrainingQuestion,
  choices: TrainingChoices,
): Promise<Answer<TrainingChoices>> {
  const item = (field: Field, label: string, description: string, detail?: string) => ({
    label,
    description,
    field,
    ...(detail === undefined ? {} : { detail }),
  });
  const answer = await pickOne({
    ...question,
    placeholder: vscode.l10n.t('Enter starts; or change one of these'),
    items: [
      item('start', `$(play) ${vscode.l10n.t('Start')}`, choicesInWords(choices), howMuch(question, choices)),
      item('strategies', vscode.l10n.t('Strategy'), choices.strategies.map(strategyName).join(', ')),
      item('schemes', vscode.l10n.t('Scheme'), choices.schemes.join(', ')),
      item('seeds', question.many ? vscode.l10n.t('Seeds') : vscode.l10n.t('Seed'), choices.seeds.join(', ')),
      item('epochs', vscode.l10n.t('Epochs'), epochsInWords(choices)),
      item('preset', vscode.l10n.t('Hyper-parameters'), presetName(choices.preset)),
    ],
  });
  if (typeof answer !== 'object') return answer;
  const { field } = answer.picked;
  if (field === 'start') return { picked: choices };
  return chooseTraining(question, { ...choices, ...(await change(field, question, choices)) });
}

/** `IS · IO · 60/20/20 · seed 42 · epochs of the preset`. */
export function choicesInWords(choices: TrainingChoices): string {
  const { strategies: chosen, schemes, seeds } = choices;
  const strategy =
    chosen.length > 1 ? vscode.l10n.t('{0} strategies', chosen.length) : strategyName(chosen[0]!);
  const seed =
    seeds.length > 1 ? vscode.l10n.t('{0} seeds', seeds.length) : vscode.l10n.t('seed {0}', seeds[0]!);
  return [strategy, schemes.join(' + '), '60/20/20', seed, epochsInWords(choices)].join(' · ');
}

function epochsInWords({ epochs }: TrainingChoices): string {
  if (epochs === null) return vscode.l10n.t('epochs of the preset');
  return vscode.l10n.t('{0} epochs', epochs);
}

function presetName(preset: TrainingChoices['preset']): string {
  return preset === 'study' ? vscode.l10n.t('as in the study') : vscode.l10n.t('what works best');
}

/** How many runs, and how long they will take; nothing is promised that was not measured. */
function howMuch(question: TrainingQuestion, choices: TrainingChoices): string {
  const runs = choices.strategies.length * choices.schemes.length * choices.seeds.length * question.encoders;
  const count = runs === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs);
  const seconds = question.estimate(choices);
  const time =
    seconds === undefined
      ? vscode.l10n.t('how long it takes is known once the first run trains')
      : vscode.l10n.t('about {0}, as earlier runs took', shownDuration(1000 * seconds));
  return `${count} · ${time}`;
}

async function change(
  field: Exclude<Field, 'start'>,
  { title, many }: TrainingQuestion,
  choices: TrainingChoices,
): Promise<Partial<TrainingChoices>> {
  const place = { title, step: 2, steps: 2 };
  const several = async <T extends string>(
    values: readonly T[],
    chosen: readonly T[],
    name: (value: T) => string,
  ) => {
    const items = values.map((value) => ({ label: name(value), value }));
    const question = { ...place, placeholder: '', items };
    if (!many) {
      const one = await pickOne({ ...question, active: items.find(({ value }) => value === chosen[0]) });
      return typeof one === 'object' ? [one.picked.value] : chosen;
    }
    const picked = await pickMany(question, ({ value }) => chosen.includes(value));
    return typeof picked === 'object' ? picked.picked.map(({ value }) => value) : chosen;
  };
  switch (field) {
    case 'strategies':
      return { strategies: [...(await several(strategies, choices.strategies, strategyName))] };
    case 'schemes':
      return { schemes: [...(await several(['IO', 'BIO'] as const, choices.schemes, (scheme) => scheme))] };
    case 'preset': {
      const chosen = await pickPreset(place, choices.preset);
      return { preset: chosen };
    }
    case 'seeds':
      return changeSeeds(title, many, choices);
    case 'epochs': {
      const prompt = vscode.l10n.t('Times that every note is read; 0 leaves it to the preset');
      const epochs = await askNumber(title, String(choices.epochs ?? 0), prompt, 0);
      return epochs === undefined ? {} : { epochs: epochs === 0 ? null : epochs };
    }
  }
}

async function pickPreset(
  place: Place,
  preset: TrainingChoices['preset'],
): Promise<TrainingChoices['preset']> {
  const items = (['default', 'study'] as const).map((value) => ({ label: presetName(value), value }));
  const question = { ...place, placeholder: '', items, active: items.find(({ value }) => value === preset) };
  const answer = await pickOne(question);
  return typeof answer === 'object' ? answer.picked.value : preset;
}

async function changeSeeds(
  title: string,
  many: boolean,
  { seeds }: TrainingChoices,
): Promise<Partial<TrainingChoices>> {
  const prompt = many
    ? vscode.l10n.t('How many seeds: each draws its own split and weights')
    : vscode.l10n.t('Equal seeds give equal weights on a CPU');
  const number = await askNumber(title, String(many ? seeds.length : seeds[0]), prompt, many ? 1 : 0);
  if (number === undefined) return {};
  return { seeds: many ? Array.from({ length: Math.min(number, 100) }, (_, i) => i + 1) : [number] };
}
