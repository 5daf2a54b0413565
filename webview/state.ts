import type { ErrorKind } from '../src/core/report/errors';
import type { ReportView } from '../src/core/report/reportHeader';

export const TABS = ['models', 'strategies', 'labels', 'curves', 'training', 'errors', 'cost'] as const;
export type Tab = (typeof TABS)[number];

/** Which mistakes are listed; all where a field is undefined. */
export interface ErrorFilter {
  readonly kind?: ErrorKind | undefined;
  /** A label, or null for none. */
  readonly gold?: string | null | undefined;
  readonly predicted?: string | null | undefined;
  /** Either of gold and prediction has this label. */
  readonly label?: string | undefined;
  /** Place of a note. */
  readonly note?: number | undefined;
}

/** Notes that have a label, of a part of the split or, where it is undefined, of all of them. */
export interface ListedNotes {
  readonly part: string | undefined;
  readonly label: string;
}

/** What a person chose to see; kept when the panel is hidden. */
export interface State {
  readonly tab: Tab;
  readonly view: ReportView;
  /** Place of the threshold that all runs are shown at; undefined: each at its own. */
  readonly threshold: number | undefined;
  /** The system and run that details are of; without a run, all runs of the system together. -1: the best system. */
  readonly system: number;
  readonly run: number | undefined;
  readonly curve: 'precision-recall' | 'roc';
  readonly filter: ErrorFilter;
  /** Which notes are listed beside the split's parts. */
  readonly listed: ListedNotes | undefined;
  /** How many rows of long lists are drawn. */
  readonly shown: number;
}

export const SHOWN_AT_FIRST = 100;

export const START: State = {
  tab: 'models',
  view: 'honest',
  threshold: undefined,
  system: -1,
  run: undefined,
  curve: 'precision-recall',
  filter: {},
  listed: undefined,
  shown: SHOWN_AT_FIRST,
};
