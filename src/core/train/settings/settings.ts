import { z } from 'zod';
import { dropoutRates, hyperParameters, pretrainingParameters } from './hyperParameters';

/** Some keys of an object and no others. */
function some<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  const error: z.core.$ZodErrorMap = (issue) =>
    issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is none of ${known}` : undefined;
  return z.strictObject(shape, { error }).partial();
}

const commonParts = {
  batching: some(hyperParameters.shape.batching.shape).refine(
    ({ by, size }) => by === undefined || size !== undefined,
    'beside by, size is needed: so many notes are not so many tokens',
  ),
  optimiser: some(hyperParameters.shape.optimiser.shape),
} as const;

/** What a person changes of a preset's hyper-parameters: any of them, one by one. What is left out is the preset's. */
export const fineTuneSettings = some({
  ...hyperParameters.shape,
  ...commonParts,
  loss: some(hyperParameters.shape.loss.shape),
  weights: some(hyperParameters.shape.weights.shape),
  dropout: z.union([z.literal('config'), some(dropoutRates.shape)], {
    error: 'is neither "config", the encoder’s own, nor rates by place',
  }),
});

/** The same for masked language modelling. */
export const pretrainSettings = some({ ...pretrainingParameters.shape, ...commonParts });

export type FineTuneSettings = z.infer<typeof fineTuneSettings>;
export type PretrainSettings = z.infer<typeof pretrainSettings>;

/** What is wrong first, in one line: the place in dots, and the reason. */
export function firstProblem({ issues }: z.core.$ZodError): string {
  return problemOf(issues[0]!, []);
}

function problemOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): string {
  const path = [...above, ...issue.path];
  // Of what may be a word or an object, an object's own problem says more.
  const inside = issue.code === 'invalid_union' ? issue.errors.find(([one]) => isInside(one)) : undefined;
  if (inside) return problemOf(inside[0]!, path);
  return path.length === 0 ? issue.message : `${path.join('.')}: ${issue.message}`;
}

function isInside(issue: z.core.$ZodIssue | undefined): boolean {
  return issue !== undefined && (issue.path.length > 0 || issue.code === 'unrecognized_keys');
}

/** A preset with some of its values changed; objects are changed key by key. To be checked by the caller. */
export function withSettings(preset: object, settings: object): Record<string, unknown> {
  const changed: Record<string, unknown> = { ...preset };
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const before = changed[key];
    changed[key] = isObject(before) && isObject(value) ? withSettings(before, value) : value;
  }
  return changed;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
