import { z } from 'zod';
import { presets } from '../train/settings/hyperParameters';
import { fineTuneSettings } from '../train/settings/settings';
import { languageModelSettings } from '../llm/languageModel';
import { strategies } from '../train/balance/strategy';

const schemes = ['IO', 'BIO'] as const;

/** Name of a run's folder below `runs`: unique, and the same for the same settings. */
const id = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/);
/** `name` of one of the plan's encoders or language models. */
const encoder = z.string();

/** One training and its scores. Runs of one system differ in nothing but the seed, which also draws their split. */
const trainingRun = z.object({
  kind: z.literal('train'),
  id,
  encoder,
  strategy: z.enum(strategies),
  scheme: z.enum(schemes),
  seed: z.int(),
});

/**
 * Scores of an encoder that has been fine-tuned before: on the test part of the split that the seed draws, on that of
 * its own split (`own`), so that it meets no note that it learnt, or on all notes (`all`).
 */
const evaluationRun = z.object({
  kind: z.literal('evaluate'),
  id,
  encoder,
  notes: z.enum(['test', 'own', 'all']),
  seed: z.int(),
});

/**
 * Scores of a language model that is asked about every note of the test part, with examples from the training part, of
 * the split that the seed draws (the same as of a stratified training). `encoder` is its name in the plan.
 */
const languageModelRun = z.object({ kind: z.literal('prompt'), id, encoder, seed: z.int() });

const plannedRun = z.discriminatedUnion('kind', [trainingRun, evaluationRun, languageModelRun]);

/**
 * `plan.json`: what is to be run, on what, and with which settings. Which runs are done is told by their folders alone,
 * so that a plan can be handed out to many machines and its results merged by copying folders.
 */
export const planFile = z.object({
  format: z.literal('anamnese-plan'),
  version: z.literal(1),
  /** For people; the folder's name at first. */
  name: z.string(),
  corpus: z.object({
    /** Relative to the plan's folder where both lie on one disk, else absolute. */
    path: z.string(),
    from: z.string().optional(),
    /** Of all notes with their annotations: runs on changed notes are not compared with earlier ones. */
    sha256: z.string(),
  }),
  /** None in a plan of language models alone. */
  encoders: z.array(z.object({ name: z.string(), path: z.string(), sha256: z.string() })),
  languageModels: z
    .array(
      languageModelSettings.extend({
        name: z.string(),
        /** Of the settings. */
        sha256: z.string(),
        /** The encoder whose tokens its answers are counted in, beside the text's own units. */
        tokensOf: z.string().optional(),
      }),
    )
    .optional(),
  /** What every run trains with besides; what is left out is the preset's. */
  training: z.object({
    preset: z.enum(presets),
    /** Values of a settings file, which the ones below count before. */
    settings: fineTuneSettings.optional(),
    labels: z.array(z.string()).optional(),
    epochs: z.int().optional(),
    learningRate: z.number().optional(),
    batch: z.int().optional(),
    batchTokens: z.int().optional(),
    accumulate: z.int().optional(),
    maxLength: z.int().optional(),
    patience: z.int().optional(),
    padTo: z.int().optional(),
  }),
  /** How the paper protocol scores padding, as `anamnese evaluate --padding` has it; `zero` where nothing is said. */
  scoring: z.object({ padding: z.enum(['zero', 'computed']) }).optional(),
  /** Whose weights stay after scoring: encoder folders of a plan would fill a disk. */
  keepModels: z.enum(['none', 'best', 'all']),
  runs: z.array(plannedRun),
});

export type PlanFile = z.infer<typeof planFile>;
export type PlannedRun = z.infer<typeof plannedRun>;
export type TrainingRun = z.infer<typeof trainingRun>;
export type EvaluationRun = z.infer<typeof evaluationRun>;
export type LanguageModelRun = z.infer<typeof languageModelRun>;
export type PlannedLanguageModel = NonNullable<PlanFile['languageModels']>[number];
