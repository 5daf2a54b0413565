// Stands in for dist/extension.js of an installed package, whose own lies beside it as measured.js: records by the clock
// and in processor time of the thread what loading it and its `activate` take, in a line of JSON a start.
const { appendFileSync } = require('node:fs');
const path = require('node:path');

let extension;
const loading = measure(() => (extension = require('./measured.js')));

exports.activate = (context) => {
  let api;
  const activating = measure(() => (api = extension.activate(context)));
  appendFileSync(path.join(__dirname, 'measured.jsonl'), `${JSON.stringify({ loading, activating })}\n`);
  return api;
};

/** Milliseconds that a synchronous body takes. */
function measure(body) {
  const [wall, cpu] = [performance.now(), process.threadCpuUsage()];
  body();
  const used = process.threadCpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (used.user + used.system) / 1000 };
}
