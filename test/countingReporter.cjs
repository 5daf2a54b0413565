// Mocha's spec output, and the counts in a file for scripts/test.mjs.
const { appendFileSync, writeFileSync } = require('node:fs');
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
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
};
