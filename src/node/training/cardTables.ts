/** Settings as rows of a card. */
export function settingRows(settings: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === 'object' ? `\`${JSON.stringify(value)}\`` : String(value),
  ]);
}

/** A table as Markdown has it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
