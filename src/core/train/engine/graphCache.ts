import type { Device, Runtime } from '../../ports';
import type { TrainingGraph } from '../graphs/trainingGraph';
import type { CompiledGraph } from './parameterStore';

/** Graphs, compiled when they are first needed. */
export class GraphCache {
  private readonly compiled = new Map<string, Promise<CompiledGraph>>();

  constructor(
    private readonly runtime: Runtime,
    private readonly device: Device,
  ) {}

  get(key: string, build: () => TrainingGraph): Promise<CompiledGraph> {
    const known = this.compiled.get(key) ?? this.compile(build());
    this.compiled.set(key, known);
    return known;
  }

  async dispose(): Promise<void> {
    for (const compiled of this.compiled.values()) await (await compiled).session.dispose();
    this.compiled.clear();
  }

  private async compile(graph: TrainingGraph): Promise<CompiledGraph> {
    return { graph, session: await this.runtime.compile(graph.model, this.device) };
  }
}
