import type { ReportCommand } from '../src/protocol/report';
import type { SaveOptions } from './host';
import type { ReportModel } from './model';
import type { State } from './state';
import type { Language } from './words';

/** What every part of the page draws from, and how it asks for change. */
export interface Context extends Language {
  readonly model: ReportModel;
  readonly state: State;
  /** Whether the threshold is being dragged: what is out of sight may wait until it rests. */
  readonly moving: boolean;
  /** Draws anew with some of the state changed. */
  set(change: Partial<State>): void;
  systemName(system: number): string;
  save(file: SaveOptions): void;
  /** Carries out one of the editor's commands, and reads the plan's folder again; undefined where there is no editor. */
  readonly command: ((command: ReportCommand) => void) | undefined;
  readonly refresh: (() => void) | undefined;
  /** Opens a note in the editor; undefined where there is none. */
  readonly openNote: ((note: string, start: number, end: number, run?: string) => void) | undefined;
}
