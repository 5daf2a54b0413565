import { SEMANTIC_GROUPS } from '../core/labels/groups';

/** One picture of an underline: a CSS image, and the tile of it that is repeated along the line. */
export interface LineLayer {
  readonly image: string;
  /** Width and height of the tile, as `background-size` has them. */
  readonly size: string;
}

/** Height of an underline and the gap above it, in pixels. */
export const LINE_PITCH = 4;

const line = (color: string, height: number): LineLayer => ({
  image: `linear-gradient(${color}, ${color})`,
  size: `100% ${height}px`,
});

/** `inked` of every `period` pixels. */
const dashes = (color: string, inked: number, period: number, height: number): LineLayer => ({
  image: `linear-gradient(90deg, ${color} ${inked}px, transparent ${inked}px)`,
  size: `${period}px ${height}px`,
});

/** A rule at each edge, three pixels apart. */
const rules = (color: string): LineLayer => ({
  image: `linear-gradient(${color} 1px, transparent 1px 2px, ${color} 2px)`,
  size: '100% 3px',
});

const dashDot = (color: string): LineLayer => ({
  image: `linear-gradient(90deg, ${color} 5px, transparent 5px 7px, ${color} 7px 8px, transparent 8px)`,
  size: '10px 2px',
});

const arcs = (color: string): LineLayer => ({
  image: `radial-gradient(circle at 50% 3px, transparent 1.5px, ${color} 1.8px 3px, transparent 3.3px)`,
  size: '7px 3px',
});

const slashes = (color: string): LineLayer => ({
  image: `linear-gradient(-45deg, transparent 35%, ${color} 35% 65%, transparent 65%)`,
  size: '5px 3px',
});

type Pattern = (color: string) => readonly LineLayer[];

/**
 * A line for each semantic group, told from every other by its shape alone, for eyes and themes that do not tell their
 * colours. Groups that often stand beside each other have shapes of different kinds; dashes are for low confidence.
 */
const PATTERNS: Readonly<Record<string, Pattern>> = {
  Disorders: (color) => [line(color, 2)],
  Organizations: (color) => [line(color, 3)],
  'Concepts & Ideas': (color) => [line(color, 1)],
  Procedures: (color) => [rules(color)],
  'Living Beings': (color) => [dashDot(color)],
  Anatomy: (color) => [dashes(color, 2, 4, 2)],
  Objects: (color) => [dashes(color, 3, 6, 3)],
  'Chemicals & Drugs': (color) => [arcs(color)],
  'Activities & Behaviors': (color) => [slashes(color)],
  Physiology: (color) => [dashes(color, 1, 3, 3)],
  Devices: (color) => [line(color, 1), dashes(color, 1, 5, 3)],
  Phenomena: (color) => [line(color, 1), dashes(color, 5, 10, 2)],
};

/** What hides parts of a line of low confidence, so that its shape is seen in dashes. */
const GAPS: LineLayer = {
  image: 'linear-gradient(90deg, transparent 9px, var(--vscode-editor-background) 9px)',
  size: '13px 3px',
};

/** The semantic group whose colour and line a label has: its own, or, of another model's labels, the twelve in turn. */
export function styleGroup(label: string, labels: readonly string[]): string {
  const groups = Object.keys(SEMANTIC_GROUPS);
  return label in SEMANTIC_GROUPS ? label : groups[Math.max(0, labels.indexOf(label)) % groups.length]!;
}

/** The layers of a group's underline in a CSS colour, the uppermost first; broken where confidence is low. */
export function groupLine(group: string, color: string, low: boolean): LineLayer[] {
  return [...(low ? [GAPS] : []), ...PATTERNS[group]!(color)];
}

/** What stands for further labels. */
export function moreLine(color: string): LineLayer {
  return dashes(color, 2, 4, 1);
}
