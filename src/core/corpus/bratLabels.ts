import { bratLabel } from '../export/formats';
import { UMLS_GROUPS } from '../labels/umlsGroups';

/** The semantic groups as BRAT can name them, back to their own names. */
const groupOf = new Map(UMLS_GROUPS.map((group) => [bratLabel(group), group]));

/** A label that BRAT cannot hold as it is, and what stands for it. */
export type LabelNames = ReadonlyMap<string, string>;

/**
 * Names that BRAT can hold for labels, each its own: letters, digits, `-` and `_`. Labels whose name differs are told
 * by the `[labels]` of a `visual.conf`, where BRAT has its names for display.
 */
export function bratNames(labels: Iterable<string>): LabelNames {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const sorted = [...new Set(labels)].sort();
  const free = (label: string): string => {
    const plain = bratLabel(label).replace(/[^\p{L}\p{M}\p{N}_-]/gu, '_') || '_';
    let name = plain;
    for (let k = 2; taken.has(name); k++) name = `${plain}_${k}`;
    return name;
  };
  // A label that needs no other name keeps its own before any other takes it.
  const [same, changed] = [sorted.filter(isPlain), sorted.filter((label) => !isPlain(label))];
  for (const label of [...same, ...changed]) {
    const name = free(label);
    taken.add(name);
    names.set(label, name);
  }
  return names;
}

function isPlain(label: string): boolean {
  return /^[\p{L}\p{M}\p{N}_-]+$/u.test(label);
}

/** The label that a BRAT name stands for. */
export function labelOf(name: string, display: LabelNames): string {
  return display.get(name) ?? groupOf.get(name) ?? name;
}

/** Whether `visual.conf` can hold a label: one line, no `|`, no white space at its edges. */
export function canDisplay(label: string): boolean {
  return !/[|\r\n]/.test(label) && label === label.trim();
}

/** The display names of a `visual.conf`: `Name | Label | abbreviation`. */
export function displayNames(visualConf: string): LabelNames {
  const names = new Map<string, string>();
  let inLabels = false;
  for (const line of visualConf.split(/\r?\n/)) {
    if (line.startsWith('[')) inLabels = line.trim() === '[labels]';
    const [name, label] = line.split('|').map((part) => part.trim());
    if (inLabels && name && label && !line.startsWith('#')) names.set(name, label);
  }
  return names;
}
