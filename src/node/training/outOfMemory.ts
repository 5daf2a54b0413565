import type { Reader } from '../../core/train/trainingError';
import { TrainingError } from '../../core/train/trainingError';

/**
 * What to do where memory ran out, or the system ended the process for it.
 * @param plan that ran, as far as it is known: no other is advised after the one that takes least
 */
export function outOfMemoryAdvice(plan: string | undefined, reader: Reader = 'command'): string {
  const least = plan === 'layer-by-layer';
  return `memory ran out: ${reader === 'plan' ? adviceInPlan(least) : adviceForCommand(least)}`;
}

function adviceForCommand(least: boolean): string {
  const smaller = 'a smaller --batch or --batch-tokens with a larger --accumulate (the result is the same)';
  const shorter = 'a smaller --max-length';
  return least ? `give ${smaller}, or ${shorter}` : `give ${smaller}, ${shorter}, or --plan layer-by-layer`;
}

/** How a run is computed may change while its plan is carried out; what it computes may not. */
function adviceInPlan(least: boolean): string {
  const smaller = 'close what else is open, or choose a smaller encoder';
  return least
    ? `${smaller}; or make a plan with a smaller --batch or --max-length on the command line (anamnese compare)`
    : `${smaller}; or carry the plan out on the command line (anamnese compare) with --plan layer-by-layer`;
}

/**
 * The same work, where advice takes the place of what the runtime says when memory runs out.
 * @param plan asked for when it has, since the work chooses it
 */
export async function advised<T>(work: Promise<T>, plan: () => string | undefined): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isOutOfMemory(error) ? outOfMemory(plan()) : error;
  }
}

function outOfMemory(plan: string | undefined): TrainingError {
  return new TrainingError('memory', outOfMemoryAdvice(plan), outOfMemoryAdvice(plan, 'plan'));
}

/** How the C++ runtimes, Node, the systems, and WebGPU’s Vulkan and Direct3D say that memory ran out. */
const SAYINGS: readonly RegExp[] = [
  /out of memory|\bOutOfMemory\b|\bE_OUTOFMEMORY\b|_OUT_OF_(DEVICE|HOST)_MEMORY\b/i,
  /bad_alloc|\bbad allocation\b|failed to allocate|allocation failed|c(an|ould) ?not allocate memory|\bENOMEM\b/i,
  // As a word, not as the name of a folder.
  /(?<![\w\\/.-])oom(?![\w\\/-])/i,
  /exceeds the max buffer size limit/i,
  // A negative length is a mistake of the program.
  /Invalid typed array length: \d/,
  // A device that was let go is lost too.
  /\bdevice (is |was )?lost\b(?![^]*destroy)/i,
];

/** Whether what a runtime or a dying process said means that memory ran out. */
export function saysOutOfMemory(text: string): boolean {
  return SAYINGS.some((saying) => saying.test(text));
}

export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TrainingError) return false;
  return (error as NodeJS.ErrnoException).code === 'ENOMEM' || saysOutOfMemory(error.message);
}
