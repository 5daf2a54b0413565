import { runSuites } from './runSuites';

/** What the extension host calls in a workspace that is not trusted. */
export const run = (): Promise<void> => runSuites('.untrusted');
