import type { PromptTemplate } from './languageModel';

/** An annotated note as a prompt shows it. */
export interface PromptExample {
  readonly text: string;
  /** The ideal answer, as JSON. */
  readonly response: string;
}

/** The study's prompt (its table 3). Each example fills the `example` part; all of them stand in `{examples}`. */
export const STUDY_TEMPLATE: PromptTemplate = {
  system:
    'Extract the following entities from the given clinical note in order of appearance. ' +
    'Use exact text for extractions. Do not paraphrase or overlap entities.\n' +
    'The entities to extract are: {entities}.\n' +
    'See the examples below for the expected format.\n{examples}',
  example: '# Clinical note example:\n{example_text}\n# Ideal response example:\n{example_response}',
  user: '# Clinical note:\n{input_text}',
};

const PARTS = ['system', 'example', 'user'] as const;
const HOLES: Readonly<Record<(typeof PARTS)[number], readonly string[]>> = {
  system: ['entities', 'examples'],
  example: ['example_text', 'example_response'],
  user: ['input_text'],
};

/** A template as a file, which `parseTemplate` reads. */
export function writeTemplate(template: PromptTemplate): string {
  return PARTS.map((part) => `=== ${part}\n${template[part]}\n`).join('');
}

/**
 * Reads a template file: the parts `system`, `example` and `user`, each below a line `=== NAME`.
 * @throws Error naming the file and the line that is wrong, or what is missing
 */
export function parseTemplate(content: string, file: string): PromptTemplate {
  const parts = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const [i, line] of content.split(/\r?\n/).entries()) {
    const heading = /^===\s*(.*?)\s*$/.exec(line)?.[1];
    if (heading === undefined) {
      if (!lines && line.trim() !== '')
        throw new Error(`${file}:${i + 1}: a template begins with a line "=== system"`);
      lines?.push(line);
      continue;
    }
    if (!PARTS.some((part) => part === heading) || parts.has(heading))
      throw new Error(`${file}:${i + 1}: the parts are ${PARTS.join(', ')}, each once, not "${heading}"`);
    parts.set(heading, (lines = []));
  }
  return checked(new Map([...parts].map(([name, own]) => [name, own.join('\n').trim()])), file);
}

function checked(parts: ReadonlyMap<string, string>, file: string): PromptTemplate {
  for (const part of PARTS) {
    const text = parts.get(part);
    if (text === undefined) throw new Error(`${file}: the part "=== ${part}" is missing`);
    const needed = part === 'system' && !text.includes('{examples}') ? ['entities'] : HOLES[part];
    const missing = needed.filter((hole) => !text.includes(`{${hole}}`));
    if (missing.length > 0)
      throw new Error(`${file}: the part "=== ${part}" lacks {${missing.join('}, {')}}`);
  }
  return { system: parts.get('system')!, example: parts.get('example')!, user: parts.get('user')! };
}

/** The instruction that all notes share. */
export function systemPrompt(
  { system, example }: PromptTemplate,
  labels: readonly string[],
  examples: readonly PromptExample[],
): string {
  const shown = examples.map(({ text, response }) =>
    fill(example, { example_text: text, example_response: response }),
  );
  return fill(system, { entities: labels.join(', '), examples: shown.join('\n') }).trimEnd();
}

/** What is asked about one note. */
export function userPrompt({ user }: PromptTemplate, text: string): string {
  return fill(user, { input_text: text });
}

/** Fills every hole once: what is filled in may itself look like one. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
}
