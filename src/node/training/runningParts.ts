import type { EncoderConfig } from '../../core/encoder/config';
import type { DeviceChoice, Runtime } from '../../core/ports';
import type { BatchSize } from '../../core/train/data/batches';
import type { OptimiserOptions, TrainingEngine } from '../../core/train/engine';
import { devicePacks } from '../../core/train/engine/parameters/devicePacks';
import { DeviceParameters } from '../../core/train/engine/parameters/deviceParameters';
import { GraphCache } from '../../core/train/engine/plans/graphCache';
import type { EngineParts } from '../../core/train/engine/graphEngine';
import { HostParameters } from '../../core/train/engine/parameters/hostParameters';
import { LayerPlan } from '../../core/train/engine/plans/layerPlan';
import type { ReadWeight } from '../../core/train/engine/parameters/pieces';
import { choosePlan } from '../../core/train/engine/plans/planMemory';
import { WholeGraphPlan } from '../../core/train/engine/plans/wholeGraphPlan';
import type { Head } from '../../core/train/graphs/head';
import { allStages, parametersOf } from '../../core/train/graphs/trainingGraph';
import { TrainingError } from '../../core/train/trainingError';
import { DeviceError, onnxRuntime } from '../onnxRuntime';
import { memoryAtHand } from './memoryAtHand';
import { isOutOfMemory } from './outOfMemory';

/** How an encoder is run while it learns. */
export interface RunningOptions {
  readonly device: DeviceChoice;
  readonly optimiser: OptimiserOptions;
  /** By its name; or the fastest whose largest batch fits the memory at hand. */
  readonly plan: TrainingEngine['plan'] | { readonly largestBatch: BatchSize };
  /** Bytes that may be taken where the plan is chosen, by default those at hand. */
  readonly memory?: number | undefined;
  readonly threads?: number | undefined;
  /** ONNX Runtime where none is given. */
  readonly runtime?: Runtime | undefined;
}

type TrainingDevice = 'cpu' | 'webgpu';

interface Running {
  readonly config: EncoderConfig;
  readonly read: ReadWeight;
  readonly device: TrainingDevice;
  readonly options: RunningOptions;
  /** Token classification where none is given. */
  readonly head?: Head;
}

/** The weights of dense layers and norms where they live, and the plan that runs the graphs on them. */
export async function runningParts({
  config,
  read,
  device,
  options,
  head,
}: Running): Promise<Pick<EngineParts, 'store' | 'parameters' | 'plan' | 'planName'>> {
  const { optimiser, threads } = options;
  const runtime = options.runtime ?? onnxRuntime(threads === undefined ? {} : { threads });
  const graphs = new GraphCache({ runtime, device, resident: device !== 'cpu' });
  const planName = planFor(config, device, options);
  const PlanClass = planName === 'whole-graph' ? WholeGraphPlan : LayerPlan;
  const packs = device === 'cpu' ? undefined : devicePacks(config, optimiser, head);
  const parameters = packs ?? allStages(config).flatMap((stage) => parametersOf(config, stage, head));
  const store = packs
    ? await onDevice(DeviceParameters.create(packs, read, optimiser, { runtime, device }))
    : new HostParameters(parameters, read, optimiser);
  const graphOptions = { fused: device === 'cpu', turned: device !== 'cpu', packs, head };
  return { store, parameters, planName, plan: new PlanClass({ config, store, graphs, graphOptions }) };
}

/** Where training computes. @throws TrainingError for a device that it cannot use */
export function trainingDevice(choice: DeviceChoice): TrainingDevice {
  if (choice === 'auto') return 'cpu';
  if (choice === 'cpu' || choice === 'webgpu') return choice;
  const advice = 'it runs on the CPU (cpu) and, by WebGPU, on any graphics processor (webgpu)';
  throw new TrainingError('settings', `the device ${choice} predicts but does not train: ${advice}`);
}

/** The same, where a device that is not there comes with advice. */
async function onDevice<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DeviceError) || isOutOfMemory(error)) throw error;
    throw new TrainingError(
      'settings',
      `${error.message}: give --device cpu where there is no graphics processor`,
    );
  }
}

/** The plan that is asked for, or the fastest whose largest batch fits. */
function planFor(
  config: EncoderConfig,
  device: TrainingDevice,
  { plan, memory = memoryAtHand(device), optimiser }: RunningOptions,
): TrainingEngine['plan'] {
  if (typeof plan === 'string') return plan;
  return choosePlan(config, plan.largestBatch, memory, optimiser.averageDecay !== undefined);
}
