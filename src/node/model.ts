import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Predictor } from '../core/predict/predictor';
import { predictionSettings } from '../core/predict/settings';
import type { Device, DeviceChoice, Precision } from '../core/ports';
import { loadTokenizer } from '../core/tokenize/loadTokenizer';
import { loadEncoder } from './encoder';

/** The model that comes with Anamnese, found beside the bundles. */
export const DEFAULT_MODEL = path.join(__dirname, '..', 'models', 'anamnese-default');

/** A model folder opened for prediction. */
export interface OpenedModel {
  readonly name: string;
  readonly predictor: Predictor;
  readonly precision: Precision;
  /** The device in use now: one that fails while running gives way to the CPU. */
  device(): Device;
  dispose(): Promise<void>;
}

export interface OpenOptions {
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  /** Sentences a person should read. */
  onNotice(message: string): void;
}
