import type { CorpusDocument } from '../src/core/corpus/document';
import type { DeviceChoice } from '../src/core/ports';
import type { Recipe } from './recipe';

/** The fine-tuning that the recipe asks for. */
export interface FineTuning {
  /** A Hugging Face folder. */
  readonly encoder: string;
  /** What a run needs to go on lies here; an unfinished run of the same settings is taken up. */
  readonly folder: string;
  readonly labels: readonly string[];
  /** The training notes of an epoch, counted from 0: a function of its number alone. */
  documents(epoch: number): readonly CorpusDocument[];
  readonly validation: readonly CorpusDocument[];
  readonly recipe: Recipe;
  /**
   * Where the weights after an epoch are kept, in F32 under the names of transformers. They are there before a
   * checkpoint says that the epoch is over.
   */
  readonly keep: ReadonlyMap<number, string>;
  readonly device: DeviceChoice;
  readonly signal?: AbortSignal | undefined;
  /** Progress, a line at a time. */
  say(line: string): void;
}

/** What the project's engine does for the recipe. */
export interface RunTools {
  /**
   * @returns `stopped` after the signal, when the same call goes on later
   * @throws TrainingError with a message for the person who asked
   */
  fineTune(run: FineTuning): Promise<'finished' | 'stopped'>;
  /** Fits calibration and thresholds of a model folder on notes it was not trained on: its anamnese.json. */
  fitDecision(
    folder: string,
    validation: readonly CorpusDocument[],
    labels: readonly string[],
  ): Promise<object>;
}
