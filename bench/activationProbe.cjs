// Stands in for dist/extension.js of an installed package, whose own lies beside it as measured.js: records in a
// line of JSON a start what loading it and the first turn of its `activate` take, by the clock and in processor time of
// the thread, and what its later turns take by the clock.
const { appendFileSync } = require('node:fs');
const path = require('node:path');

let extension;
const loading = measure(() => (extension = require('./measured.js')));

exports.activate = async (context) => {
  let activated;
  const first = measure(() => (activated = extension.activate(context)));
  const api = await activated;
  const [, ...later] = api?.turnsMs ?? [];
  appendFileSync(path.join(__dirname, 'measured.jsonl'), `${JSON.stringify({ loading, first, later })}\n`);
  return api;
};

/** Milliseconds that a synchronous body takes. */
function measure(body) {
  const [wall, cpu] = [performance.now(), process.threadCpuUsage()];
  body();
  const used = process.threadCpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (used.user + used.system) / 1000 };
}
