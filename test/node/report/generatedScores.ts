import type { NoteRows } from '../../../src/core/evaluate/tokenView';
import type { Rng } from '../../../src/core/ports';

/**
 * Scores of notes as a model of some `skill` (0 to 1) gives them: most tokens with a label score high, most without
 * score low. Label i is on one token in `12 + 4 i`.
 */
export function generatedRows(
  ids: readonly string[],
  labels: readonly string[],
  tokens: number,
  skill: number,
  rng: Rng,
): NoteRows[] {
  return ids.map((id) => {
    const scores = new Float32Array(tokens * labels.length);
    const truth = new Uint8Array(scores.length);
    for (let i = 0; i < scores.length; i++) {
      const rare = 12 + 4 * (i % labels.length);
      const has = rng() * rare < 1;
      truth[i] = Number(has);
      // Uniform numbers to a power crowd at 0, or at 1 when turned round.
      scores[i] = has ? 1 - rng() ** (1 + 3 * skill) : rng() ** (4 + 10 * skill);
    }
    return { id, rows: { labels, scores, truth } };
  });
}
