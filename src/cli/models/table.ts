import type { LibraryEntry } from '../../core/library/library';
import { FIGURES_SOURCE } from '../../core/library/published';
import { shownBytes } from '../../core/library/transfer';

const NOT_STATED = 'not stated';

/** The library as rows of cells, headings first. */
export function modelRows(entries: readonly LibraryEntry[]): string[][] {
  const headings = [
    'encoder',
    'state',
    'size',
    'parameters',
    'shape',
    'tokenizer',
    'licence',
    'SemClinBr IO',
  ];
  return [headings, ...entries.map(modelRow)];
}

function modelRow(entry: LibraryEntry): string[] {
  const { id, published, added, bytes, parameters, licence } = entry;
  const layers = published?.shape.layers ?? added?.layers;
  const hidden = published?.shape.hidden ?? added?.hiddenSize;
  const figures = published?.study.semClinBr.io;
  return [
    id,
    stateOf(entry),
    added ? shownBytes(bytes) : `~${shownBytes(bytes)}`,
    parameters === undefined ? '' : `${Math.round(parameters / 1e6)} M`,
    layers ? `${layers} × ${hidden}` : '',
    published?.tokenizer ?? '',
    licence ?? NOT_STATED,
    figures ? `${figures.micro.toFixed(4)} / ${figures.macro.toFixed(4)}` : '',
  ];
}

function stateOf({ added, begun }: LibraryEntry): string {
  if (begun) return `begun, ${Math.floor((100 * begun.doneBytes) / Math.max(1, begun.totalBytes))} %`;
  if (!added) return 'not fetched';
  return added.problem === undefined ? 'at hand' : 'damaged';
}

/** The same for programs, with all figures. */
export function modelsJson(library: string, entries: readonly LibraryEntry[]): unknown {
  return {
    library,
    figures: FIGURES_SOURCE,
    encoders: entries.map(({ id, name, published, added, begun, bytes, parameters, licence }) => ({
      id,
      name,
      state: added ? (added.problem === undefined ? 'at hand' : 'damaged') : begun ? 'begun' : 'not fetched',
      family: published?.shape.family ?? added?.family,
      layers: published?.shape.layers ?? added?.layers,
      hiddenSize: published?.shape.hidden ?? added?.hiddenSize,
      vocabulary: published?.shape.vocabulary ?? null,
      parameters: parameters ?? null,
      bytes,
      begunBytes: begun?.doneBytes ?? null,
      tokenizer: published?.tokenizer ?? null,
      licence: licence ?? null,
      study: published?.study ?? null,
      folder: added?.folder ?? null,
      commit: added?.commit ?? null,
      problem: added?.problem ?? null,
    })),
  };
}
