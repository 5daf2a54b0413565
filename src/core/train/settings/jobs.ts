import type { Scheme } from '../../labels/tokenTargets';
import type { DeviceChoice } from '../../ports';
import type { Preset } from './hyperParameters';
import type { FineTuneSettings, PretrainSettings } from './settings';
import type { Strategy } from '../balance/strategy';

/** What a person may say about any run. Paths as given; what is left out is the preset's. */
export interface Job {
  /** Folder of the encoder to begin with. */
  readonly encoder: string;
  readonly out: string;
  readonly seed: number;
  readonly device: DeviceChoice;
  /** Fails where `out` holds no unfinished run, rather than beginning one. */
  readonly resume?: boolean | undefined;
  readonly plan?: 'whole-graph' | 'layer-by-layer' | undefined;
  /** Bytes that the plan is chosen by where none is given; by default what is at hand. */
  readonly memory?: number | undefined;
  readonly threads?: number | undefined;
  readonly epochs?: number | undefined;
  readonly learningRate?: number | undefined;
  /** Notes a batch; excludes `batchTokens`. */
  readonly batch?: number | undefined;
  /** Tokens a batch, padding included. */
  readonly batchTokens?: number | undefined;
  readonly accumulate?: number | undefined;
  readonly maxLength?: number | undefined;
}

export interface FineTuneJob extends Job {
  readonly task: 'train';
  readonly corpus: string;
  /** Format of the corpus; by default told by its files. */
  readonly from?: string | undefined;
  readonly split?: string | undefined;
  readonly preset: Preset;
  /** What differs from the preset; of the values that are said one by one, those count. */
  readonly settings?: FineTuneSettings | undefined;
  readonly strategy: Strategy;
  readonly scheme: Scheme;
  /** Labels to learn; by default all of the training notes. */
  readonly labels?: readonly string[] | undefined;
  readonly patience?: number | undefined;
  readonly padTo?: number | undefined;
}

export interface PretrainJob extends Job {
  readonly task: 'pretrain';
  /** A corpus, or a folder of `.txt` files, whose texts are read and whose annotations are not. */
  readonly texts: string;
  readonly settings?: PretrainSettings | undefined;
  readonly masked?: number | undefined;
  readonly wholeWords?: boolean | undefined;
}

export type TrainingJob = FineTuneJob | PretrainJob;
