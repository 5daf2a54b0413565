import type * as vscode from 'vscode';
import type { EncoderKind, Remembered, TrainingChoices } from './choices';
import { recall, remember, rememberedTraining } from './choices';

/** What a flow remembers from one time to the next, piece by piece. */
export class FlowMemory {
  private found: Remembered;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly flow: string,
  ) {
    this.found = recall(memory, flow);
  }

  get last(): Remembered {
    return this.found;
  }

  async keep(more: Remembered): Promise<void> {
    await remember(this.memory, this.flow, more);
    this.found = recall(this.memory, this.flow);
  }

  /** Epochs that a command was told (`isTold`) are no wish of a person. */
  keepTraining(
    places: Pick<Remembered, 'corpus' | 'encoders'>,
    choices: TrainingChoices,
    kind: EncoderKind,
    isTold: boolean,
  ): Promise<void> {
    const { training, epochs } = rememberedTraining(choices, kind, this.found);
    return this.keep({ ...places, training, ...(isTold ? {} : { epochs }) });
  }
}
