import { fork } from 'node:child_process';
import type { ReporterAnswer, ReporterQuestion } from '../../protocol/reporter';

type Answered = Exclude<ReporterAnswer, { type: 'failed' }>;
type AnswerTo<Question extends ReporterQuestion> = Extract<
  Answered,
  { type: { open: 'report'; save: 'saved'; locate: 'located' }[Question['type']] }
>;

/**
 * Asks a process of its own, so that a thousand runs never block the editor.
 * @throws Error fit for a person
 */
export function askReporter<Question extends ReporterQuestion>(
  bundle: string,
  question: Question,
): Promise<AnswerTo<Question>> {
  return new Promise((resolve, reject) => {
    const child = fork(bundle, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', reject);
    child.on('message', (answer: ReporterAnswer) => {
      if (answer.type === 'failed') reject(new Error(answer.message));
      else resolve(answer as AnswerTo<Question>);
    });
    child.on('exit', (code, signal) =>
      reject(new Error(said.trim().split('\n').at(-1) || `${signal ?? code}`)),
    );
    child.send(question);
  });
}
