// npm run bench:science: how long the scientific core takes at three sizes each, and how long the Python packages take for
// the same work in the same run, with what comes out of it.
import { benchMetrics, METRICS_BENCH } from './scienceMetrics';
import { benchSplits } from './scienceSplit';

benchSplits();
benchMetrics(METRICS_BENCH);
