/** A name that stands for itself, as protobuf's enums do. */
export interface TextName {
  readonly named: string;
}

export type TextValue = string | number | boolean | TextName | TextMessage;

/** Fields in the order in which they are written; a list is a repeated field. */
export interface TextMessage {
  readonly [field: string]: TextValue | readonly TextValue[];
}

/**
 * A message in protobuf's text format, a field a line. Strings are ASCII, all else of them is escaped byte by byte, as
 * https://protobuf.dev/reference/protobuf/textformat-spec asks of what every reader understands.
 */
export function textFormat(message: TextMessage, indent = ''): string {
  return Object.entries(message)
    .flatMap(([field, value]) => listOf(value).map((one) => `${indent}${field}${written(one, indent)}\n`))
    .join('');
}

function listOf(value: TextValue | readonly TextValue[]): readonly TextValue[] {
  return Array.isArray(value) ? (value as readonly TextValue[]) : [value as TextValue];
}

function written(value: TextValue, indent: string): string {
  if (typeof value === 'string') return `: ${quoted(value)}`;
  if (typeof value !== 'object') return `: ${value}`;
  if (isName(value)) return `: ${value.named}`;
  const fields = textFormat(value, `${indent}  `);
  return fields === '' ? ' {}' : ` {\n${fields}${indent}}`;
}

function isName(value: TextName | TextMessage): value is TextName {
  return typeof value['named'] === 'string' && Object.keys(value).length === 1;
}

const ESCAPED: Readonly<Record<number, string>> = {
  0x0a: '\\n',
  0x0d: '\\r',
  0x09: '\\t',
  0x22: '\\"',
  0x5c: '\\\\',
};

function quoted(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return `"${bytes.map((byte) => ESCAPED[byte] ?? plainOrOctal(byte)).join('')}"`;
}

function plainOrOctal(byte: number): string {
  const isPlain = byte >= 0x20 && byte < 0x7f;
  return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}
