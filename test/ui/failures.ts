import { keepFailure } from './workbench';

/** Mocha's root hooks: a browser test that fails on another machine can be looked at there. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state === 'failed') await keepFailure(test.title).catch(() => undefined);
  },
};
