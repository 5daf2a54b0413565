import type { LabelNames } from './bratLabels';
import type { WrittenFile } from './written';

/**
 * `annotation.conf` and `visual.conf`, without which BRAT shows nothing: the labels, and the types of the relations,
 * events and attributes among the other lines of the corpus.
 */
export function bratConfiguration(names: LabelNames, lines: readonly string[]): WrittenFile[] {
  const labels = [...names].map(([label, name]) => `${name} | ${label}`);
  const sections = [
    section('entities', [...names.values()]),
    section('relations', [...relations(lines), '<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>']),
    section('events', events(lines)),
    section('attributes', attributes(lines)),
  ];
  return [
    { name: 'annotation.conf', text: sections.join('\n') },
    { name: 'visual.conf', text: [section('labels', labels), section('drawing', [])].join('\n') },
  ];
}

function section(name: string, lines: readonly string[]): string {
  return `[${name}]\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** `R1<TAB>Type Arg1:T1 Arg2:T2`, and `*<TAB>Type T1 T2` for equivalences. */
function relations(lines: readonly string[]): string[] {
  const directed = typesOf(lines, /^R\d+\t(\S+) /);
  const symmetric = typesOf(lines, /^\*\t(\S+) /);
  return [
    ...directed.map((type) => `${type} Arg1:<ANY>, Arg2:<ANY>`),
    ...symmetric.map((type) => `${type} Arg1:<ANY>, Arg2:<ANY>, <REL-TYPE>:symmetric-transitive`),
  ];
}

/** `E1<TAB>Type:T1 Role:T2 …`: each type with all roles that occur with it. */
function events(lines: readonly string[]): string[] {
  const roles = new Map<string, Set<string>>();
  for (const line of lines) {
    const [type, ...others] = /^E\d+\t(.+)$/.exec(line)?.[1]?.split(' ') ?? [];
    const name = type?.split(':')[0];
    if (!name) continue;
    const own = roles.get(name) ?? new Set();
    roles.set(name, own);
    for (const other of others) own.add(other.split(':')[0]!.replace(/\d+$/, ''));
  }
  const argument = (role: string): string => `${role}*:<ANY>`;
  return [...roles]
    .sort(byName)
    .map(([name, own]) => `${name} ${[...own].filter(Boolean).map(argument).join(', ')}`.trim());
}

/** `A1<TAB>Name T1` and `A1<TAB>Name T1 Value`: each name with all values that occur with it. */
function attributes(lines: readonly string[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, name, value] = /^[AM]\d+\t(\S+) \S+(?: (\S.*))?$/.exec(line) ?? [];
    if (!name) continue;
    const own = values.get(name) ?? new Set();
    values.set(name, value ? own.add(value) : own);
  }
  const worth = (own: ReadonlySet<string>): string => (own.size > 0 ? `, Value:${[...own].join('|')}` : '');
  return [...values].sort(byName).map(([name, own]) => `${name} Arg:<ANY>${worth(own)}`);
}

function typesOf(lines: readonly string[], form: RegExp): string[] {
  return [...new Set(lines.flatMap((line) => form.exec(line)?.[1] ?? []))].sort();
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
