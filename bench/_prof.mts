import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { openEncoderFolder } from '/work/main/src/node/encoderFolder';
import { buildInferenceGraph } from '/work/main/src/core/encoder/inferenceGraph';
const [, , dir, precision, fusedS, paddingS, lengthS, level] = process.argv;
const L = Number(lengthS);
const f = await openEncoderFolder(dir!);
const model = buildInferenceGraph(f.config, f.weights, {
  precision: precision as 'int8',
  fused: fusedS === 'fused',
  padding: paddingS === 'pad',
});
const s = await InferenceSession.create(model, {
  intraOpNumThreads: 1,
  enableProfiling: true,
  profileFilePrefix: '/tmp/prof',
  graphOptimizationLevel: (level ?? 'all') as 'all',
  enableMemPattern: false,
});
const ids = new Tensor(
  'int32',
  Int32Array.from({ length: L }, (_, i) => (i * 7919) % f.config.vocabSize),
  [1, L],
);
const feeds: any = { input_ids: ids };
if (paddingS === 'pad') feeds.attention_mask = new Tensor('int32', new Int32Array(L).fill(1), [1, L]);
for (let i = 0; i < 12; i++) await s.run(feeds);
s.endProfiling();
const file = readdirSync('/tmp').find((n) => n.startsWith('prof_') && n.endsWith('.json'))!;
const ev = JSON.parse(readFileSync('/tmp/' + file, 'utf8'));
rmSync('/tmp/' + file);
const runs = new Map<string, number[]>();
const loads: string[] = [];
for (const e of ev) {
  if (e.cat === 'Node' && e.name.endsWith('_kernel_time')) {
    const k =
      e.args.op_name + ' ' + JSON.stringify(e.args.input_type_shape?.filter((x: any) => !x.int8).slice(0, 1));
    (runs.get(k) ?? runs.set(k, []).get(k)!).push(e.dur);
  }
  if (e.cat === 'Session' && e.dur > 3000) loads.push(e.name + ' ' + (e.dur / 1000).toFixed(0));
}
console.log(loads.slice(0, 12).join('; '));
let tot = 0;
const rows = [...runs]
  .map(([k, v]) => {
    const per = v.reduce((a, b) => a + b) / 12;
    tot += per;
    return [k, v.length / 12, per / 1000] as const;
  })
  .sort((a, b) => b[2] - a[2]);
for (const [k, n, ms] of rows.slice(0, 14)) console.log(ms.toFixed(2).padStart(8), String(n).padStart(4), k);
console.log('total', (tot / 1000).toFixed(1));
