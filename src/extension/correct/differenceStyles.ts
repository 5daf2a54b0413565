import * as vscode from 'vscode';
import type { Difference, DifferenceKind } from '../../core/correct/differences';
import { DecorationTypes } from '../decorationTypes';
import { cssVariable, labelColorId } from '../labelColors';
import { TAG_CSS } from '../markStyles';
import { COLORS, SIGNS, tagOf } from './differenceNames';

/** What lies on one stretch of text: labels of gold, labels of the prediction, and how they stand to each other. */
export interface DifferenceStretch {
  readonly gold: readonly string[];
  readonly predicted: readonly string[];
  readonly kind: DifferenceKind;
}

/** The least good comes first. */
const WORST_FIRST: readonly DifferenceKind[] = [
  'missed',
  'spurious',
  'both',
  'label',
  'boundary',
  'rejected',
  'correct',
];

export function worstKind(kinds: readonly DifferenceKind[]): DifferenceKind {
  return WORST_FIRST.find((kind) => kinds.includes(kind)) ?? 'correct';
}

const DEEPEST = 2;

/**
 * Decoration types of differences: gold is a line above the words, the prediction one below, each in its label's
 * colour. Both lines are where the two agree, one where only one side marks; the kinds' tints, signs and icons say the
 * same again, so that no kind is told by colour alone.
 */
export class DifferenceStyles extends DecorationTypes {
  constructor(private readonly labels: readonly string[]) {
    super();
  }

  forStretch({ gold, predicted, kind }: DifferenceStretch): vscode.TextEditorDecorationType {
    return this.cached(`${kind}|${gold.join()}|${predicted.join()}`, () => ({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      overviewRulerLane: vscode.OverviewRulerLane.Right,
      ...(kind === 'correct' ? {} : { overviewRulerColor: new vscode.ThemeColor(COLORS[kind]) }),
      textDecoration: `none; ${this.lines(gold, predicted, kind)}`,
    }));
  }

  /** The signs of differences that end at one place; they take no room in the line. */
  forTag(differences: readonly Difference[]): vscode.TextEditorDecorationType {
    const text = differences.map(tagOf).join(' ');
    const kind = worstKind(differences.map((one) => one.kind));
    return this.cached(`tag|${kind}|${text}`, () => ({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: {
        contentText: text,
        color: new vscode.ThemeColor(COLORS[kind]),
        textDecoration: TAG_CSS,
      },
    }));
  }

  /** The icon beside a line: of the worst that stands on it. */
  forGutter(kind: DifferenceKind): vscode.TextEditorDecorationType {
    return this.cached(`gutter|${kind}`, () => ({
      gutterIconSize: 'contain',
      light: { gutterIconPath: icon(SIGNS[kind], '#3b3b3b') },
      dark: { gutterIconPath: icon(SIGNS[kind], '#e8e8e8') },
    }));
  }

  /** CSS background images: gold from the top, the prediction from the bottom, the tint of the kind behind them. */
  private lines(gold: readonly string[], predicted: readonly string[], kind: DifferenceKind): string {
    const above = gold.slice(0, DEEPEST).map((label, k) => ({ label, at: `0 ${k * 3}px` }));
    const below = predicted.slice(0, DEEPEST).map((label, k) => ({ label, at: `0 calc(100% - ${k * 3}px)` }));
    const all = [...above, ...below];
    const images = all.map(({ label }) => {
      const color = cssVariable(labelColorId(label, this.labels));
      return kind === 'rejected'
        ? `repeating-linear-gradient(90deg, ${color} 0 2px, transparent 2px 5px)`
        : `linear-gradient(${color}, ${color})`;
    });
    const tint = `color-mix(in srgb, ${cssVariable(COLORS[kind])} 16%, transparent)`;
    return [
      `background-image: ${images.join(', ')}`,
      `background-position: ${all.map(({ at }) => at).join(', ')}`,
      'background-size: 100% 2px',
      'background-repeat: no-repeat',
      ...(kind === 'correct' || kind === 'rejected' ? [] : [`background-color: ${tint}`]),
    ].join('; ');
  }
}

function icon(sign: string, color: string): vscode.Uri {
  const size = sign.length > 1 ? 9 : 14;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><text x="8" y="12.5" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="${size}" fill="${color}">${sign}</text></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`);
}
