import type { Predictor } from '../../core/predict/predictor';
import { withThreshold } from '../../core/predict/settings';
import type { DeviceChoice, Precision } from '../../core/ports';
import type { OpenedModel } from '../../node/model';
import { openModel } from '../../node/model';
import { checkPolicy } from '../../node/llm/policy';
import { openRemoteModel } from '../../node/serve/remoteModel';
import { allowedHost } from '../consent';
import { warn } from './noteProblems';

/** Which model predicts, where, and above which score. */
export interface PredictorOptions {
  readonly model: string;
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  readonly threshold?: number;
  readonly server?: string;
  readonly modelName?: string;
  readonly sendNotesTo?: string;
}

export interface OpenedPredictor {
  /** The model's. */
  readonly name: string;
  readonly predictor: Predictor;
  /** Rounds of notes that are worth having under way at once. */
  readonly atOnce: number;
  dispose(): Promise<void>;
}

/** Rounds that keep a server busy while others travel. */
const ROUNDS_TO_SERVER = 4;

/** The server's password, where it asks for one: an option would lie open in the list of processes. */
const TOKEN = 'ANAMNESE_SERVER_TOKEN';

/** @throws Error where the model cannot be opened, or notes may not be sent to its server */
export async function openPredictor(options: PredictorOptions): Promise<OpenedPredictor> {
  const opened = await open(options);
  const { name, doubt } = opened;
  if (doubt !== undefined) warn(`${name}: ${doubt}`);
  const settings = withThreshold(opened.predictor.settings, options.threshold);
  return { ...opened, predictor: { ...opened.predictor, settings } };
}

async function open(options: PredictorOptions): Promise<OpenedPredictor & Pick<OpenedModel, 'doubt'>> {
  const { model: folder, server, sendNotesTo, modelName } = options;
  if (server === undefined) {
    const model = await openModel(folder, { ...options, onNotice: warn });
    return { ...model, atOnce: 1, dispose: () => model.dispose() };
  }
  const url = allowedHost(server, sendNotesTo);
  await checkPolicy(url.href);
  const remote = await openRemoteModel(folder, { url, name: modelName, token: process.env[TOKEN] });
  return { ...remote, atOnce: ROUNDS_TO_SERVER, dispose: async () => undefined };
}
