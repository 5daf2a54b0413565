import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromBytes, toBytes } from '../../../src/core/report/container';
import type { PlacedError } from '../../../src/core/report/errorBlock';
import { readErrors, writeErrors } from '../../../src/core/report/errorBlock';
import { ERROR_KINDS } from '../../../src/core/report/errors';
import { BLOCKS } from '../../../src/core/report/reportHeader';
import { VarintReader, VarintWriter } from '../../../src/core/report/varints';
import { reportHeader, reportRun } from './reports';

const LABELS = ['A', 'B', 'C'];

describe('varints', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }))), (values) => {
        const writer = new VarintWriter();
        writer.writeAll(values);
        const reader = new VarintReader(writer.finish());
        assert.deepEqual([...reader.readInto(new Float64Array(values.length))], values);
      }),
    );
  });

  it('end with an error where bytes are missing', () => {
    assert.throws(() => new VarintReader(Uint8Array.of(0x80)).read(), RangeError);
    assert.throws(() => new VarintReader(Uint8Array.of()).read(), RangeError);
  });
});

const span = fc
  .tuple(fc.constantFrom(...LABELS), fc.nat(5000), fc.integer({ min: 1, max: 300 }))
  .map(([label, start, length]) => ({ label, start, end: start + length }));
const scored = fc.tuple(span, fc.nat(100)).map(([one, percent]) => ({ ...one, score: percent / 100 }));
const error = fc
  .tuple(fc.constantFrom(...ERROR_KINDS), span, scored, fc.nat(3))
  .map(([kind, gold, predicted, note]): PlacedError => ({
    note,
    kind,
    ...(kind === 'spurious' ? {} : { gold }),
    ...(kind === 'missed' ? {} : { predicted }),
  }));
const ofRun = fc.array(error, { maxLength: 6 }).map((errors) => errors.sort((a, b) => a.note - b.note));

describe('mistakes in a report', () => {
  it('come back as they were, of each run its own', () => {
    fc.assert(
      fc.property(fc.array(ofRun, { minLength: 1, maxLength: 4 }), (all) => {
        const writer = new VarintWriter();
        const runs = all.map((errors) => {
          const from = writer.length;
          writeErrors(writer, errors, (label) => LABELS.indexOf(label));
          return reportRun({ errors: [from, errors.length] });
        });
        const header = reportHeader({ labels: LABELS, runs });
        const block = writer.finish();
        assert.deepEqual(
          runs.map((_, run) => readErrors(header, block, run)),
          all,
        );
      }),
    );
  });

  it('are none of a run whose notes were not at hand', () => {
    assert.deepEqual(readErrors(reportHeader({ runs: [reportRun({})] }), new Uint8Array(), 0), []);
  });
});

describe('a packed report', () => {
  const blocks = fc.dictionary(fc.constantFrom(...BLOCKS), fc.uint8Array({ maxLength: 50 }));

  it('comes back as it was', () => {
    fc.assert(
      fc.property(blocks, fc.string(), (given, name) => {
        const report = { header: reportHeader({ name }), blocks: given };
        const back = fromBytes(toBytes(report));
        assert.deepEqual(back.header, report.header);
        for (const [block, bytes] of Object.entries(given))
          assert.deepEqual([...back.blocks[block as keyof typeof back.blocks]!], [...bytes]);
        assert.equal(Object.keys(back.blocks).length, Object.keys(given).length);
      }),
    );
  });

  it('is refused where it is none, or cut short', () => {
    const bytes = toBytes({ header: reportHeader({}), blocks: { own: Uint8Array.of(1, 2, 3) } });
    assert.throws(() => fromBytes(bytes.subarray(0, bytes.length - 1)), /cut short/);
    assert.throws(() => fromBytes(new Uint8Array()), /not a report of this version/);
    assert.throws(() => fromBytes(Uint8Array.of(2, 0, 0, 0, 0x7b, 0x7d)), /not a report of this version/);
  });
});
