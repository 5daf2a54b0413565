import { z } from 'zod';
import { bare, unsupportedStep } from './step';

const namedToken = z.tuple([z.string(), z.number().int()]);

/** One step of the `post_processor`. */
export const postProcessor = z.discriminatedUnion(
  'type',
  [
    bare('BertProcessing').extend({ cls: namedToken, sep: namedToken }),
    bare('ByteLevel').extend({ trim_offsets: z.boolean().default(true) }),
    bare('RobertaProcessing').extend({
      cls: namedToken,
      sep: namedToken,
      trim_offsets: z.boolean().default(true),
    }),
    bare('TemplateProcessing').extend({
      single: z.array(
        z.union([
          z.object({ SpecialToken: z.object({ id: z.string() }) }),
          z.object({ Sequence: z.object({ id: z.string() }) }),
        ]),
      ),
      special_tokens: z.record(z.string(), z.object({ ids: z.array(z.number().int()) })),
    }),
  ],
  unsupportedStep('a post-processor'),
);

export type PostProcessorConfig = z.infer<typeof postProcessor>;
