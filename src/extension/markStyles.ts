import * as vscode from 'vscode';
import { shortLabel } from '../core/labels/groups';
import type { Segment } from '../core/text/segments';
import { DecorationTypes } from './decorationTypes';
import { cssVariable, labelBackground, labelColor, labelColorId } from './labelColors';
import type { LineLayer } from './labelLines';
import { groupLine, LINE_PITCH, moreLine, styleGroup } from './labelLines';

/** Underlines of a label each that fit under a line of text; deeper ones would run into the next line. */
const DEEPEST = 3;

/** Stands for all labels that lie deeper: thin and grey, so that it is not taken for one. */
const MORE = [moreLine('var(--vscode-descriptionForeground)')];

/**
 * A tag takes no place in its line, which the editor wraps without knowing of it: it stands under the end of the
 * words, between their line and the next.
 */
export const TAG_CSS = [
  'none; position: absolute; transform: translate(-100%, 1.7em); z-index: 1',
  'font-size: 62%; font-weight: 700; line-height: 1; pointer-events: none',
  'background: var(--vscode-editor-background); border-radius: 2px; padding: 0 1px',
].join('; ');

/**
 * Decoration types, made when first needed and kept. VS Code merges the styles of overlapping decorations, which
 * would mix labels; so each combination of labels that lies on one stretch of text is one type, with an underline a
 * label: the longest entity's at the bottom, in the label's own kind of line, dashed where its confidence is low. Three
 * labels have a line of their own; one thin dotted grey line stands for however many lie deeper, which the hover names
 * as it does all. Colours are CSS variables of the theme, so that a change of theme needs no new decoration.
 */
export class MarkStyles extends DecorationTypes {
  constructor(private readonly labels: readonly string[]) {
    super();
  }

  /** The type that draws a segment. */
  forSegment(segment: Segment, lowConfidence: number): vscode.TextEditorDecorationType {
    const lines = segment.entities
      .slice(0, DEEPEST)
      .map(({ label, score }) => ({ label, low: score < lowConfidence }));
    const more = segment.entities.length > DEEPEST;
    const key = lines.map(({ label, low }) => `${label}${low ? '~' : '='}`).join('|') + (more ? '|…' : '');
    return this.cached(key, () => ({
      backgroundColor: labelBackground(lines[0]!.label, this.labels),
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      textDecoration: `none; ${underlines([
        ...lines.map(({ label, low }) => this.line(label, low)),
        ...(more ? [MORE] : []),
      ])}`,
    }));
  }

  /** The type that draws the tag of labels that end at one place. */
  forTag(labels: readonly string[]): vscode.TextEditorDecorationType {
    return this.cached(`tag:${labels.join('|')}`, () => ({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: {
        contentText: labels.map(shortLabel).join('·'),
        color: labelColor(labels[0]!, this.labels),
        textDecoration: TAG_CSS,
      },
    }));
  }

  private line(label: string, low: boolean): LineLayer[] {
    const color = cssVariable(labelColorId(label, this.labels));
    return groupLine(styleGroup(label, this.labels), color, low);
  }
}

/**
 * CSS that stacks underlines as background images, the first at the bottom. Room for more than one is made below the
 * text, where padding moves nothing.
 */
function underlines(lines: readonly (readonly LineLayer[])[]): string {
  const layers = lines.flatMap((line, depth) => line.map((layer) => ({ ...layer, depth })));
  return [
    `background-image: ${layers.map(({ image }) => image).join(', ')}`,
    `background-position: ${layers.map(({ depth }) => `0 calc(100% - ${depth * LINE_PITCH}px)`).join(', ')}`,
    `background-size: ${layers.map(({ size }) => size).join(', ')}`,
    'background-repeat: repeat-x',
    `padding-bottom: ${(lines.length - 1) * LINE_PITCH}px`,
    'border-radius: 2px',
  ].join('; ');
}
