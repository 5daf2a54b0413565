import portuguese from '../l10n/report.l10n.pt-br.json';
import { SEMANTIC_GROUPS } from '../src/core/labels/groups';
import { numberWriter } from '../src/core/report/numbers';
import type { NumberWriter } from '../src/core/report/numbers';
import type { Translate } from '../src/core/report/words';
import { english, filled } from '../src/core/report/words';

/** How this page speaks. */
export interface Language {
  readonly t: Translate;
  readonly numbers: NumberWriter;
  /** A label, or an output such as `B-Disorders`, in the reader's language. */
  labelName(label: string): string;
}

const words: Readonly<Record<string, string>> = portuguese;

/** @param tag such as `pt-br`; all but Portuguese is English */
export function languageOf(tag: string): Language {
  const isPortuguese = tag.toLowerCase().startsWith('pt');
  const t: Translate = isPortuguese ? (text, ...values) => filled(words[text] ?? text, values) : english;
  return { t, numbers: numberWriter(isPortuguese), labelName: (label) => labelName(label, t) };
}

function labelName(label: string, t: Translate): string {
  const prefix = /^[BI]-/.exec(label)?.[0] ?? '';
  const name = label.slice(prefix.length);
  return prefix + (name in SEMANTIC_GROUPS ? t(name) : name);
}
