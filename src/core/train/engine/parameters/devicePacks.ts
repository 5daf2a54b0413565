import type { EncoderConfig } from '../../../encoder/config';
import type { OptimiserOptions } from '../../engine';
import type { Head } from '../../graphs/head';
import type { Pack } from '../../graphs/parameterInputs';
import { packed } from '../../graphs/parameterInputs';
import { allStages, parametersOf } from '../../graphs/trainingGraph';
import { layerPrefix } from '../plans/layerKinds';

/** The weights of each stage in as few vectors as learn alike. */
export function devicePacks(config: EncoderConfig, options: OptimiserOptions, head?: Head): Pack[] {
  return allStages(config).flatMap((stage) => {
    const kinds: string[] = [];
    return packed(parametersOf(config, stage, head), ({ pieces }) => {
      const kind = JSON.stringify(options.parameter(pieces[0]!.name));
      if (!kinds.includes(kind)) kinds.push(kind);
      return `${layerPrefix(config, stage)}pack.${kinds.indexOf(kind)}`;
    });
  });
}
