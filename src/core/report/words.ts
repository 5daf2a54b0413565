/** Says an English sentence in the reader's language; `{0}`, `{1}` … are filled in. */
export type Translate = (english: string, ...values: readonly (string | number)[]) => string;

export function filled(sentence: string, values: readonly (string | number)[]): string {
  return sentence.replace(/\{(\d)\}/g, (hole, place: string) => String(values[Number(place)] ?? hole));
}

/** What files for papers are written in, whoever writes them. */
export const english: Translate = (sentence, ...values) => filled(sentence, values);
