import { z } from 'zod';
import shipped from './prices.json';
import type { TokenUsage } from './provider';

/** US dollars a million tokens, with six decimals at most, so that a token costs whole picodollars. */
const price = z.string().regex(/^\d{1,9}(\.\d{1,6})?$/, 'a price is a decimal such as "0.125"');
const rates = { input: price, cachedInput: price, output: price };

/** A dated table of prices: `prices.json` of the project, or a person's own. */
export const priceTable = z.object({
  format: z.literal('anamnese-prices'),
  version: z.literal(1),
  /** When these prices were valid, ISO 8601. */
  date: z.iso.date(),
  currency: z.literal('USD'),
  unit: z.string().optional(),
  models: z.array(
    z.object({
      model: z.string(),
      ...rates,
      /** What holds for whole requests with more input than this. */
      above: z.object({ inputTokens: z.int(), ...rates }).optional(),
      source: z.string(),
    }),
  ),
});
export type PriceTable = z.infer<typeof priceTable>;

/** A model's prices with where they come from. */
export type ModelPrice = PriceTable['models'][number] & { readonly date: string };

export const SHIPPED_PRICES: PriceTable = priceTable.parse(shipped);

/**
 * A model's prices in the first table that has them, a snapshot's (`gpt-5-2025-08-07`) under the name of its model where
 * it has none of its own; undefined where they are not known.
 */
export function priceOf(model: string, tables: readonly PriceTable[]): ModelPrice | undefined {
  const plain = model.replace(/^models\//, '');
  for (const name of [plain, plain.replace(/-\d{4}-\d{2}-\d{2}$/, '')])
    for (const { date, models } of tables) {
      const found = models.find((one) => one.model === name);
      if (found) return { ...found, date };
    }
  return undefined;
}

/** What a request costs, in picodollars: exact. */
export function requestCost({ input, cachedInput, output }: TokenUsage, price: ModelPrice): bigint {
  const own = price.above && input > price.above.inputTokens ? price.above : price;
  return (
    BigInt(input - cachedInput) * picodollars(own.input) +
    BigInt(cachedInput) * picodollars(own.cachedInput) +
    BigInt(output) * picodollars(own.output)
  );
}

/** Picodollars a token of a price in dollars a million tokens. */
function picodollars(price: string): bigint {
  const [whole, decimals = ''] = price.split('.');
  return BigInt(whole! + decimals.padEnd(6, '0'));
}

/** Picodollars as dollars, every digit of them. */
export function dollars(picodollars: bigint): string {
  const digits = picodollars.toString().padStart(13, '0');
  const decimals = digits.slice(-12).replace(/0+$/, '');
  return digits.slice(0, -12) + (decimals === '' ? '' : `.${decimals}`);
}
