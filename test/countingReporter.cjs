// Mocha's spec output, and the counts in a file for scripts/test.mjs.
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { format } = require('node:util');
const { Runner, reporters } = require('mocha');

// The extension host garbles console output: there the lines go to a file.
const log = process.env.ANAMNESE_HOST_LOG;
if (log) reporters.Base.consoleLog = (...values) => appendFileSync(log, `${format(...values)}\n`);

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const file = process.env.ANAMNESE_REPORT;
      if (!file) return;
      // Suites may come in several runs.
      const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0 };
      writeFileSync(
        file,
        JSON.stringify({ passed: before.passed + passes, failed: before.failed + failures }),
      );
    });
  }
};
