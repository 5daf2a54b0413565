import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { onlyInEditor } from '../../core/llm/editorModels';
import type { LanguageModelSettings, PromptTemplate } from '../../core/llm/languageModel';
import { settingsOf } from '../../core/llm/languageModel';
import type { Grounding, LanguageModelApi } from '../../core/llm/modelNames';
import { APIS, GROUNDINGS, parseModelName } from '../../core/llm/modelNames';
import { parseTemplate, STUDY_TEMPLATE } from '../../core/llm/prompt';
import { planProgress } from '../../node/experiments/runPlan';
import { readPlan } from '../../node/experiments/planFolder';
import type { AskingTask } from '../../node/experiments/runTask';
import { checkConsent } from '../../node/llm/consent';
import { checkPolicy } from '../../node/llm/policy';
import { wholeNumber } from '../numbers';

/** What `compare` is told about language models, as commander names it. */
export interface LanguageModelOptions {
  readonly llm?: string[];
  readonly endpoint?: string;
  readonly api?: LanguageModelApi;
  readonly shots: number;
  readonly template?: string;
  readonly grounding: Grounding;
  readonly sendNotesTo?: string[];
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly answerTimeout?: number;
  readonly prices?: string;
}

export function addLanguageModelOptions(command: Command): Command {
  return command
    .option(
      '--llm <models>',
      'language models to ask, with commas between them: gpt-5-mini@low (minimal, low, medium, high), gemini-2.5-pro',
      list,
    )
    .option(
      '--endpoint <url>',
      'server that answers for these models (default: OpenAI’s or Google’s own): Ollama, vLLM, llama.cpp',
    )
    .addOption(
      new Option('--api <api>', 'how it is asked (default: gemini for gemini-*, else openai)').choices(APIS),
    )
    .option('--shots <n>', 'examples from the training part in each prompt', wholeNumber(0), 1)
    .option('--template <file>', 'prompt with parts "=== system", "=== example" and "=== user"')
    .addOption(
      new Option('--grounding <how>', 'where quotations are sought; first-match: as the study does')
        .choices(GROUNDINGS)
        .default('in-order'),
    )
    .option('--send-notes-to <hosts>', 'agree that the words of notes are sent to these hosts', list)
    .option('--concurrency <n>', 'requests under way at once (default: 8)', wholeNumber(1))
    .option('--requests-per-minute <n>', 'no more requests than these', wholeNumber(1))
    .option('--tokens-per-minute <n>', 'no more tokens than these, about', wholeNumber(1))
    .option('--answer-timeout <s>', 'seconds that an answer may take (default: 600)', wholeNumber(1))
    .option('--prices <file>', 'a table of prices that count before the project’s');
}

function list(value: string, before: string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('names with commas between them are needed.');
  return [...before, ...names];
}

/** @throws Error where a model, the endpoint or the template is wrong */
export async function languageModelsOf({
  llm = [],
  endpoint,
  api,
  shots,
  template: file,
  grounding,
}: LanguageModelOptions): Promise<LanguageModelSettings[]> {
  if (llm.length === 0) return [];
  if (shots === 0 && file === undefined)
    throw new Error('--shots 0: the study’s prompt speaks of examples: give another with --template');
  const template = file === undefined ? STUDY_TEMPLATE : await readTemplate(file);
  return llm.map((name) => settingsOf(parseModelName(name), { api, endpoint, shots, template, grounding }));
}

async function readTemplate(file: string): Promise<PromptTemplate> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  return parseTemplate(text, file);
}

export function askingOf({
  sendNotesTo = [],
  concurrency,
  requestsPerMinute,
  tokensPerMinute,
  answerTimeout: timeout,
  prices,
}: LanguageModelOptions): AskingTask {
  return { agreed: sendNotesTo, concurrency, requestsPerMinute, tokensPerMinute, timeout, prices };
}

/**
 * Looks, before anything is run, whether somebody agreed to everything that would be sent.
 * @param only ids of the runs that are to be carried out; undefined is all that are left
 * @throws Error naming the host and the option that agrees
 */
export async function checkPlannedConsent(
  folder: string,
  only: readonly string[] | undefined,
  agreed: readonly string[],
): Promise<void> {
  const { runs, languageModels = [] } = await readPlan(folder);
  const { left } = await planProgress(folder);
  const todo = runs.filter(
    ({ kind, id }) => kind === 'prompt' && left.includes(id) && (only?.includes(id) ?? true),
  );
  for (const model of languageModels)
    if (todo.some(({ encoder }) => encoder === model.name)) {
      if (model.api === 'vscode') throw new Error(onlyInEditor(model.model));
      checkConsent(model, agreed);
      await checkPolicy(model.endpoint);
    }
}
