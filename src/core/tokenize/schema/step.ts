import { z } from 'zod';

/** The schema of a list of steps: nested Sequences become one flat list, null an empty one. */
export const steps = <Schema extends z.ZodType>(parts: string, step: Schema) =>
  z.preprocess((value) => flatten(value ?? [], parts), z.array(step));

function flatten(value: unknown, parts: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((part) => flatten(part, parts));
  const { type, [parts]: inner } = value as Record<string, unknown>;
  return type === 'Sequence' ? flatten(inner ?? [], parts) : [value];
}

/** Says which type is not supported, in place of zod's list of those that are. */
export const unsupportedStep = (kind: string) => ({
  error: (issue: { input?: unknown }) =>
    `${kind} of type ${JSON.stringify((issue.input as { type?: unknown } | undefined)?.type)} is not supported`,
});

/** A step that is told by its type alone. */
export const bare = <Type extends string>(type: Type) => z.object({ type: z.literal(type) });
