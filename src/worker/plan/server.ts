import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { EditorAnswer, EditorQuestion } from '../../core/llm/editorModels';
import type { PlanState, RunnerEvent } from '../../core/experiments/planState';
import { planState, UNKNOWN_PLAN } from '../../core/experiments/planState';
import { sendWithSignal } from '../../node/cancellation';
import { askEditor, planEvent, stopPlan, subscribe } from '../../protocol/planRunner';

/** Between two steps, or two scored notes, that windows are told of, in milliseconds: a small encoder makes hundreds a second. */
const STEPS_APART = 200;

/** How long windows may take to go at the end, in milliseconds. */
const LEAVE_MS = 2000;

/** Whoever connects must show the token within so many milliseconds. */
const STRANGER_MS = 2000;

/** Tells any number of windows what a plan does, and listens to them. */
export class PlanServer {
  private state: PlanState = UNKNOWN_PLAN;
  private readonly windows = new Map<MessageConnection, Socket>();
  /** Those that ask language models. */
  private readonly asking = new Set<MessageConnection>();
  private toldStepAt = -Infinity;
  private met: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly token: string,
    private readonly onStop: () => void,
    private readonly now: () => number,
  ) {
    server.on('connection', (socket) => this.meet(socket));
  }

  /** @throws Error where the pipe cannot be had */
  static async listen(
    pipe: string,
    token: string,
    onStop: () => void,
    now: () => number,
  ): Promise<PlanServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(pipe, resolve);
    });
    return new PlanServer(server, token, onStop, now);
  }

  tell(event: RunnerEvent): void {
    const at = this.now();
    this.state = planState(this.state, event, at);
    if (isStep(event)) {
      if (at - this.toldStepAt < STEPS_APART) return;
      this.toldStepAt = at;
    }
    for (const window of this.windows.keys())
      window.sendNotification(planEvent, { event, at }).catch(() => undefined);
  }

  /**
   * Has a window ask a language model: the one that came last, or another where that declines. All failures may pass: a
   * window that is reloaded comes back.
   */
  async ask(question: EditorQuestion, signal: AbortSignal): Promise<EditorAnswer> {
    let message = `${question.model}: no window of VS Code has the plan’s workspace open`;
    for (const window of [...this.asking].reverse()) {
      const gone = {
        type: 'declined',
        message: `${question.model}: a window of VS Code was closed`,
      } as const;
      const answer = await sendWithSignal(window, askEditor, question, signal).catch(() => gone);
      if (answer.type !== 'declined') return answer;
      message = answer.message;
    }
    return { type: 'failed', message, chance: 'again' };
  }

  /** Resolves when a window has come, or after some milliseconds: what goes wrong at once should be heard by somebody. */
  async firstWindow(milliseconds: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
    await Promise.race([new Promise<void>((resolve) => (this.met = resolve)), late]);
  }

  /** Resolves when every window is gone: one that hears of the end goes by itself, so that nothing it is told is lost. */
  async close(): Promise<void> {
    this.server.close();
    const left = [...this.windows.values()].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    await Promise.race([Promise.all(left), new Promise((resolve) => setTimeout(resolve, LEAVE_MS))]);
    for (const socket of this.windows.values()) socket.destroy();
  }

  private meet(socket: Socket): void {
    const connection = createMessageConnection(
      new StreamMessageReader(socket),
      new StreamMessageWriter(socket),
    );
    const stranger = setTimeout(() => socket.destroy(), STRANGER_MS);
    const known = (): boolean => this.windows.has(connection);
    connection.onRequest(subscribe, ({ token, asks }) => {
      if (token !== this.token) {
        socket.destroy();
        throw new Error('wrong token');
      }
      clearTimeout(stranger);
      this.windows.set(connection, socket);
      if (asks) this.asking.add(connection);
      this.met();
      return { state: this.state, now: this.now() };
    });
    connection.onRequest(stopPlan, () => {
      if (known()) this.onStop();
      return null;
    });
    connection.onError(() => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(stranger);
      this.windows.delete(connection);
      this.asking.delete(connection);
      connection.dispose();
    });
    connection.listen();
  }
}

function isStep(event: RunnerEvent): boolean {
  return event.type === 'scoring' || (event.type === 'run' && event.event.type === 'step');
}
