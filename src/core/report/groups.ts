import type { ReportSystem, ReportView } from './reportHeader';
import { isTokenView } from './views';

/** Systems that differ in one thing, and the one of them that the others are compared with. */
export interface ComparedGroup {
  readonly differ: 'strategy' | 'encoder';
  /** Places in the header's `systems`, the baseline among them; two at least. */
  readonly members: readonly number[];
  readonly baseline: number;
}

/**
 * What is compared in a view: the strategies of one encoder and scheme with iterative stratification, if it is there,
 * else with the first; and, where units do not depend on the model, the encoders of one strategy and scheme with the
 * first; language models beside the stratified trainings, whose test notes they were asked about.
 */
export function groupsIn(view: ReportView, systems: readonly ReportSystem[]): ComparedGroup[] {
  const strategies = grouped(systems, ({ encoder, scheme, notes }) => [encoder, scheme, notes]);
  const byStrategy = strategies.map((members): ComparedGroup => {
    const baseline = members.find((system) => systems[system]!.strategy === 'is') ?? members[0]!;
    return { differ: 'strategy', members, baseline };
  });
  if (isTokenView(view)) return byStrategy;
  const trained = systems.find(({ strategy, scheme }) => strategy === 'is' && scheme === 'IO');
  const encoders = grouped(systems, (system) => {
    const { strategy, scheme, notes = 'test' } = system.asked && trained ? trained : system;
    return [strategy, scheme, notes];
  });
  const byEncoder = encoders.map((members): ComparedGroup => {
    return { differ: 'encoder', members, baseline: members[0]! };
  });
  return [...byStrategy, ...byEncoder];
}

function grouped(
  systems: readonly ReportSystem[],
  keyOf: (system: ReportSystem) => readonly (string | undefined)[],
): number[][] {
  const groups = new Map<string, number[]>();
  systems.forEach((system, i) => {
    const key = JSON.stringify(keyOf(system));
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()].filter((members) => members.length > 1);
}
