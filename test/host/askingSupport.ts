import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FlowContext } from '../../src/extension/experiments/flows';
import { Plans } from '../../src/extension/experiments/plans';
import { Survey } from '../../src/extension/experiments/survey';
import { compareLanguageModels } from '../../src/extension/remote/compareLanguageModels';
import type { GivenModels } from '../../src/extension/remote/compareLanguageModels';
import type { RemoteUse } from '../../src/extension/remote/consent';
import type { Person } from '../../src/extension/remote/person';
import { openRemote } from '../../src/extension/remote/register';
import type { Remote } from '../../src/extension/remote/register';
import type { Asked, Reaction } from '../node/llm/llmServer';
import { inventedNotes } from '../node/training/toyNotes';
import type { Stranger } from './stranger/stranger';
import { api, workspaceFile } from './support';

export const root = path.resolve(__dirname, '../..');

/** A person who answers as a test wants, and remembers what was said. */
export class TestPerson implements Person {
  readonly asked: string[] = [];
  readonly secretsAsked: string[] = [];
  readonly heard: string[] = [];
  readonly warned: string[] = [];
  /** What the next questions are answered. */
  answer: boolean | Promise<boolean> = true;
  secret: string | undefined = '';

  agrees = async (question: string, detail: string): Promise<boolean> => {
    this.asked.push(`${question} ${detail}`);
    return this.answer;
  };
  tellsSecret = async (title: string): Promise<string | undefined> => {
    this.secretsAsked.push(title);
    return this.secret;
  };
  hears = (message: string): void => void this.heard.push(message);
  isWarned = (message: string): void => void this.warned.push(message);
}

export async function stranger(): Promise<Stranger> {
  return vscode.extensions.getExtension<Stranger>('anamnese-test.stranger')!.activate();
}

/** A window's part in asking language models as `activate` puts it together, with a person who answers. */
export class AskingWindow implements vscode.Disposable {
  readonly person = new TestPerson();
  readonly survey: Survey;
  readonly plans: Plans;
  readonly remote: Remote;
  private readonly log: vscode.LogOutputChannel;
  private readonly watching: vscode.Disposable;
  private readonly own: string;
  private static opened = 0;

  /**
   * @param memory other stores than Anamnese’s own, of the same kind
   * @param before the window of which this one has what was agreed to, as after a reload
   */
  constructor(memory: Stranger, use?: () => RemoteUse, before?: AskingWindow) {
    this.own = before?.own ?? `window ${++AskingWindow.opened} `;
    const { own } = this;
    this.log = vscode.window.createOutputChannel(`${own}${performance.now()}`, { log: true });
    const workspaceState: vscode.Memento = {
      keys: () => memory.workspaceState.keys(),
      get: <T>(key: string, fallback?: T) => memory.workspaceState.get<T>(own + key, fallback as T),
      update: (key: string, value: unknown) => memory.workspaceState.update(own + key, value),
    };
    this.remote = openRemote({ workspaceState, secrets: memory.secrets }, this.log, this.person, use);
    this.survey = new Survey(path.join(root, 'dist', 'surveyor.js'), this.log);
    const bundle = path.join(root, 'dist', 'planRunner.js');
    const { ask } = this.remote;
    this.plans = new Plans({ bundle, environment: () => this.remote.environment(), ask }, this.survey);
    this.watching = this.remote.watch(this.plans);
  }

  get context(): FlowContext {
    const { survey, plans } = this;
    const memory: vscode.Memento = { keys: () => [], get: () => undefined, update: async () => undefined };
    const check = { show: () => undefined, dispose: () => undefined };
    return { survey, plans, memory, check, defaultModel: '', encodersFolder: '' };
  }

  compare(given: GivenModels, context: Partial<FlowContext> = {}): Promise<string | undefined> {
    return compareLanguageModels({ ...this.context, ...context }, this.remote, given);
  }

  dispose(): void {
    vscode.Disposable.from(this.watching, this.plans, this.survey, this.remote, this.log).dispose();
  }
}

interface Line {
  readonly text: string;
  readonly label: readonly (readonly [number, number, string])[];
}

/** A corpus of invented notes in the workspace, and the answer of whoever knows them. */
export class AskedCorpus {
  readonly path: string;
  private readonly gold: ReadonlyMap<string, string>;

  /** Words that all its notes are made of, and nothing else says. */
  static readonly words = ['dipirona', 'captopril', 'tomografia', 'dispneia'];

  constructor(folder: string, notes: number) {
    this.path = workspaceFile(`${folder}/notas.jsonl`).fsPath;
    mkdirSync(path.dirname(this.path), { recursive: true });
    writeFileSync(this.path, inventedNotes(notes, 7));
    const lines = readFileSync(this.path, 'utf8')
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    this.gold = new Map(lines.map((line) => [line.text, answerOf(line)]));
  }

  /** The right answer to the question of a prompt. */
  right(user: string): string {
    return this.gold.get(user.replace('# Clinical note:\n', ''))!;
  }

  reaction = ({ user }: Asked): Reaction => ({ content: this.right(user) });
}

function answerOf({ text, label }: Line): string {
  const entities = label.map(([start, end, name]) => ({ label: name, text: text.slice(start, end) }));
  return JSON.stringify({ entities });
}

/** Plans that lie in the workspace's folder of experiments. */
export async function planFolders(): Promise<string[]> {
  const { plans } = (await api()).experiments;
  return (await plans.refresh()).map(({ folder }) => folder);
}
