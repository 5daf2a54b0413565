import type { OptimiserOptions, ParameterOptions } from '../engine';
import type { HyperParameters } from './hyperParameters';

/** AdamW's options for an encoder of so many layers. */
export function optimiserOptions(
  { beta1, beta2, epsilon, average, ...rates }: HyperParameters['optimiser'],
  layers: number,
): OptimiserOptions {
  return {
    beta1,
    beta2,
    epsilon,
    parameter: (name) => parameterOptions(name, rates, layers),
    ...(average === null ? {} : { averageDecay: average }),
  };
}

type Rates = Pick<
  HyperParameters['optimiser'],
  'decay' | 'decayVectors' | 'layerDecay' | 'headRate' | 'frozen'
>;

function parameterOptions(
  name: string,
  { decay, decayVectors, layerDecay, headRate, frozen }: Rates,
  layers: number,
): ParameterOptions {
  const depth = depthOf(name, layers);
  const head = depth === layers + 1 ? headRate : 1;
  return {
    rate: depth < frozen ? 0 : head * layerDecay ** (layers + 1 - depth),
    decay: isVector(name) && !decayVectors ? 0 : decay,
  };
}

/** 0 for embeddings, 1 … for layers, one more for what stands above them. */
function depthOf(name: string, layers: number): number {
  const layer = /(?:^|\.)layers?\.(\d+)\./.exec(name)?.[1];
  if (layer !== undefined) return Number(layer) + 1;
  return /(?:^|\.)embeddings\./.test(name) ? 0 : layers + 1;
}

const isVector = (name: string): boolean => name.endsWith('.bias') || /norm\.weight$/i.test(name);
