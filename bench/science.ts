// npm run bench:science: how long the scientific core takes, at three sizes each. The Python packages' times for the
// same work: bench/rivals/split.py by hand, bench/rivals/metrics.py in the same run.
import path from 'node:path';
import { benchMetrics, METRICS_BENCH } from './scienceMetrics';
import { benchSplits } from './scienceSplit';

benchSplits();
benchMetrics({ ...METRICS_BENCH, root: path.join(__dirname, '..') });
