import type { ReportSystem, ReportView } from './reportHeader';
import type { Translate } from './words';

/** A strategy as the report writes it. */
export function strategyName(strategy: string, t: Translate): string {
  switch (strategy) {
    case 'random':
      return t('random split');
    case 'is':
      return t('IS');
    case 'weighted':
      return t('IS + weighted');
    case 'clamped':
      return t('IS + clamped');
    case 'oversampling':
      return t('IS + oversampled');
    case 'none':
      return t('as it is');
    default:
      return strategy;
  }
}

/** A system's name within a table that shows its encoder too. */
export function systemName({ encoder, strategy, scheme, notes, asked }: ReportSystem, t: Translate): string {
  if (asked)
    return `${encoder} · ${asked.examples === 1 ? t('1 example') : t('{0} examples', asked.examples)}${asked.grounding === 'first-match' ? ` · ${t('first match')}` : ''}`;
  const scored =
    notes === undefined || notes === 'test'
      ? ''
      : ` · ${notes === 'all' ? t('all notes') : t('own test notes')}`;
  return `${encoder} · ${strategyName(strategy, t)} · ${scheme}${scored}`;
}

export function viewName(view: ReportView, t: Translate): string {
  switch (view) {
    case 'honest':
      return t('honest (tokens)');
    case 'paper':
      return t('paper protocol (tokens)');
    case 'entities':
      return t('text (whole entities)');
    case 'characters':
      return t('text (characters)');
  }
}

/** What a view counts, in a sentence. */
export function viewMeaning(view: ReportView, t: Translate): string {
  switch (view) {
    case 'honest':
      return t(
        'Every token of the text once; thresholds come from validation notes, not from the notes that are scored.',
      );
    case 'paper':
      return t(
        'As the study counts: padding and special tokens too, nothing beyond 512 tokens, threshold chosen on the very notes that are scored (optimistic).',
      );
    case 'entities':
      return t(
        'Entities of the text, right where both ends and the label are; the same units for every model.',
      );
    case 'characters':
      return t('Characters of the text; the same units for every model.');
  }
}
