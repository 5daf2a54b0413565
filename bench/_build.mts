const t00 = performance.now();
const { openEncoderFolder } = await import('../src/node/encoderFolder');
const { buildInferenceGraph } = await import('../src/core/encoder/inferenceGraph');
const t0 = performance.now();
console.log('import', (t0 - t00).toFixed(0));
for (let i = 0; i < 3; i++) {
  const c = process.cpuUsage();
  const w = performance.now();
  const f = await openEncoderFolder(process.argv[2]!);
  const o = performance.now();
  const m = buildInferenceGraph(f.config, f.weights, {
    precision: process.argv[3] as any,
    fused: true,
    padding: false,
  });
  const d = process.cpuUsage(c);
  console.log(
    'open',
    (o - w).toFixed(0),
    'build wall',
    (performance.now() - o).toFixed(0),
    'cpu user',
    d.user / 1000,
    'sys',
    d.system / 1000,
    m.length,
  );
  f.close();
}
