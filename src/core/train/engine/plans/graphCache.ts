import type { Device, Runtime } from '../../../ports';
import type { TrainingGraph } from '../../graphs/trainingGraph';
import { io } from '../../graphs/trainingGraph';
import type { CompiledGraph } from '../parameters/parameterStore';

export interface GraphCacheOptions {
  readonly runtime: Runtime;
  readonly device: Device;
  /** Whether weights and what passes between graphs stay on the device. */
  readonly resident: boolean;
}

/** Graphs, compiled when they are first needed. */
export class GraphCache {
  private readonly compiled = new Map<string, Promise<CompiledGraph>>();

  constructor(private readonly options: GraphCacheOptions) {}

  /** @param passedOn outputs that other graphs read */
  get(key: string, build: () => TrainingGraph, passedOn: readonly string[] = []): Promise<CompiledGraph> {
    const known = this.compiled.get(key) ?? this.compile(build(), passedOn);
    this.compiled.set(key, known);
    // One that cannot be compiled has nothing to be disposed of, and may be tried again.
    known.catch(() => this.compiled.delete(key));
    return known;
  }

  async dispose(): Promise<void> {
    for (const compiled of this.compiled.values()) await (await compiled).session.dispose();
    this.compiled.clear();
  }

  private async compile(graph: TrainingGraph, passedOn: readonly string[]): Promise<CompiledGraph> {
    const { runtime, device, resident } = this.options;
    const gradients = graph.parameters.map(({ name }) => io.gradient(name));
    const staying = [...passedOn, ...gradients].filter((name) => graph.outputs.includes(name));
    return {
      graph,
      session: await runtime.compile(graph.model, device, resident ? { resident: staying } : {}),
    };
  }
}
