import type { ReportComparison, ReportRun, ReportSystem } from '../../core/report/reportHeader';
import type { ReadRun } from './readRun';

export function comparisonsOf(
  _read: readonly ReadRun[],
  _runs: readonly ReportRun[],
  _systems: readonly ReportSystem[],
): ReportComparison[] {
  return [];
}
