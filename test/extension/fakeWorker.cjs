// A worker process for the tests: the name of the model's folder says what becomes of it.
const { appendFileSync } = require('node:fs');
const path = require('node:path');

const loaded = { labels: [], thresholds: {}, device: 'cpu', precision: 'fp32', failures: [] };

appendFileSync(process.env.FAKE_WORKER_LOG, 'started\n');
process.on('message', ({ id, method, params }) => {
  if (method === 'note/open') {
    appendFileSync(process.env.FAKE_WORKER_LOG, 'note\n');
    const { uri, version, text } = params;
    const range = { start: 0, end: text.length };
    const answer = { uri, version, range, entities: [], remaining: 0, milliseconds: 1 };
    if (text.startsWith('fails'))
      process.send({ jsonrpc: '2.0', method: 'note/failed', params: { uri, message: text } });
    else process.send({ jsonrpc: '2.0', method: 'note/predicted', params: answer });
  }
  if (method !== 'model/load') return;
  appendFileSync(process.env.FAKE_WORKER_LOG, `load ${params.folder}\n`);
  const name = path.basename(params.folder);
  const doubt = name === 'doubtful' ? 'a doubt' : undefined;
  const refusal = { code: -32603, message: `${params.folder}: has no weights: none of a` };
  if (name === 'dies') process.exit(3);
  else if (name === 'killed') process.kill(process.pid, 'SIGKILL');
  else if (name === 'bad') process.send({ jsonrpc: '2.0', id, error: refusal });
  else process.send({ jsonrpc: '2.0', id, result: { ...loaded, name, doubt } });
});
process.on('disconnect', () => process.exit());
