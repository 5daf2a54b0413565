import type { Tensors } from '../../ports';
import { guessing } from '../graphs/maskedLanguageHead';
import type { MaskedExample, MaskedLanguageEngine } from '../maskedLanguageEngine';
import { startsOf } from './arrange';
import { checkTokens } from './checkedBatch';
import type { EngineParts } from './graphEngine';
import { GraphEngine } from './graphEngine';
import type { IdBatch } from './tables/summedEmbeddings';
import type { TiedDecoder } from './tables/tiedDecoder';

export interface MaskedLanguageEngineParts extends EngineParts {
  readonly decoder: TiedDecoder;
}

/** An encoder that learns to guess hidden tokens. */
export class GraphMaskedLanguageEngine
  extends GraphEngine<MaskedLanguageEngineParts>
  implements MaskedLanguageEngine
{
  constructor(parts: MaskedLanguageEngineParts) {
    super(parts, parts.decoder.bias ? [parts.decoder.bias] : []);
  }

  async accumulate(examples: readonly MaskedExample[], seed: number): Promise<number> {
    const { decoder, config } = this.parts;
    const originals = Int32Array.from(examples.flatMap((example) => [...example.originals]));
    if (originals.length === 0) return 0;
    const batch = this.batchOf(examples.map(({ ids }) => ids));
    checkTokens([originals], config);
    const tensors = { ...decoder.feeds(originals), ...guessesOf(examples, batch) };
    const targets = { tensors, destinations: decoder.destinations() };
    const { loss, outputs } = await this.learn(batch, targets, seed);
    decoder.addGradients(originals, outputs);
    return loss;
  }
}

/** Where the tokens to guess are, and what each guess counts. */
function guessesOf(examples: readonly MaskedExample[], batch: IdBatch): Tensors {
  const starts = startsOf(batch);
  const places = examples.flatMap(({ positions }, i) => Array.from(positions, (at) => starts[i]! + at));
  const weights = examples.flatMap(({ positions, weight }) => Array.from(positions, () => weight));
  return {
    [guessing.places]: {
      type: 'int64',
      dims: [places.length],
      data: BigInt64Array.from(places, BigInt),
    },
    [guessing.weights]: { type: 'float32', dims: [weights.length, 1], data: Float32Array.from(weights) },
  };
}
