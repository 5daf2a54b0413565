import { openEncoderFolder } from '/work/main/src/node/encoderFolder';
import { buildInferenceGraph } from '/work/main/src/core/encoder/inferenceGraph';
import { onnxRuntime } from '/work/main/src/node/onnxRuntime';
const [, , dir, precision, fusedS, paddingS, lengthS, batchS, nS] = process.argv;
const L = Number(lengthS),
  B = Number(batchS);
let t = performance.now();
const lap = (s: string) => {
  const n = performance.now();
  console.log(s.padEnd(12), (n - t).toFixed(0), 'ms');
  t = n;
};
const f = await openEncoderFolder(dir!);
lap('open');
const model = buildInferenceGraph(f.config, f.weights, {
  precision: precision as 'int8',
  fused: fusedS === 'fused',
  padding: paddingS === 'pad',
});
lap('build ' + (model.length / 1e6).toFixed(1) + 'MB');
const s = await onnxRuntime({ threads: Number(process.env.T ?? 1) }).compile(model, 'cpu');
lap('compile');
const ids = Int32Array.from({ length: B * L }, (_, i) => (i * 7919) % f.config.vocabSize);
const feeds: any = { input_ids: { type: 'int32', dims: [B, L], data: ids } };
if (paddingS === 'pad')
  feeds.attention_mask = { type: 'int32', dims: [B, L], data: new Int32Array(B * L).fill(1) };
await s.run(feeds);
lap('first run');
const times: number[] = [];
const cpu: number[] = [];
for (let i = 0; i < Number(nS ?? 15); i++) {
  const c = process.cpuUsage();
  const a = performance.now();
  await s.run(feeds);
  times.push(performance.now() - a);
  const d = process.cpuUsage(c);
  cpu.push((d.user + d.system) / 1000);
}
cpu.sort((a, b) => a - b);
times.sort((a, b) => a - b);
const med = times[times.length >> 1]!;
console.log(
  dir,
  precision,
  fusedS,
  paddingS,
  `B${B} L${L}: cpu min ${cpu[0]!.toFixed(1)} median ${cpu[cpu.length >> 1]!.toFixed(1)} wall min ${times[0]!.toFixed(1)} median ${med.toFixed(1)} ms; ${(((B * L) / times[0]!) * 1000).toFixed(0)} tok/s best, ${(((B * L) / med) * 1000).toFixed(0)} median; rss ${(process.memoryUsage.rss() / 1e6).toFixed(0)}`,
);
