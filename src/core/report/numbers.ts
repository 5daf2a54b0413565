/** Numbers as tables show them: a point or a comma, three places, a true minus. */
export interface NumberWriter {
  /** A rate, `0.731`; `–` of nothing. */
  rate(value: number | undefined): string;
  /** A difference with its sign, `−0.074`. */
  signed(value: number | undefined): string;
  /** `<0.001`, `0.61`. */
  p(value: number | undefined): string;
  /** A count with thin groups. */
  count(value: number): string;
  /** With so many places. */
  places(value: number, places: number): string;
}

const NOTHING = '–';

/** @param comma whether decimals stand behind a comma, as in Portuguese */
export function numberWriter(comma: boolean): NumberWriter {
  const places = (value: number, digits: number): string => {
    const text = Math.abs(value).toFixed(digits);
    const sign = value < 0 && Number(text) !== 0 ? '−' : '';
    return sign + (comma ? text.replace('.', ',') : text);
  };
  const known = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);
  return {
    places,
    rate: (value) => (known(value) ? places(value, 3) : NOTHING),
    signed: (value) =>
      known(value) ? (Number(value.toFixed(3)) > 0 ? '+' : '') + places(value, 3) : NOTHING,
    p: (value) => {
      if (!known(value)) return NOTHING;
      return value < 0.001 ? `<${places(0.001, 3)}` : places(value, value < 0.1 ? 3 : 2);
    },
    count: (value) =>
      Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, '\u2009'),
  };
}
