import { InvalidArgumentError } from 'commander';

/** Reads a whole number from `least` up. */
export function wholeNumber(least: number) {
  return (value: string): number => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError(`a whole number from ${least} up is needed.`);
    return number;
  };
}

/** Reads a number above 0 and up to 1. */
export function fraction(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError('a number above 0 and up to 1 is needed.');
  return number;
}

/** Reads a number above 0. */
export function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('a number above 0 is needed.');
  return number;
}
