import assert from 'node:assert/strict';
import { fromBinary } from '@bufbuild/protobuf';
import { GraphBuilder, bytesOf } from '../../../src/core/graph/graphBuilder';
import { toOnnx } from '../../../src/core/graph/onnxBytes';
import { toOnnxFiles } from '../../../src/core/graph/onnxFiles';
import {
  ModelProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from '../../../src/core/graph/onnx_pb';
import { add, multiply } from '../../../src/core/graph/operators/elementwise';
import { reshape, split, transpose } from '../../../src/core/graph/operators/shape';

describe('graph builder', () => {
  it('serialises a model whose weights follow the rest', () => {
    const graph = new GraphBuilder({ fused: false });
    const x = graph.input('x', 'float32', ['rows', 2]);
    const w = graph.initializer('w', 'float32', [2], (target) => target.set(bytesOf(Float32Array.of(1, 2))));
    graph.output('y', add(graph, multiply(graph, x, w), w));
    const model = fromBinary(ModelProtoSchema, toOnnx(graph)).graph!;
    assert.deepEqual(
      model.node.map(({ opType }) => opType),
      ['Mul', 'Add', 'Identity'],
    );
    assert.deepEqual(
      model.initializer.map(({ name }) => name),
      ['w'],
    );
    assert.deepEqual(
      [model.initializer[0]!.dims, model.initializer[0]!.dataType],
      [[2n], TensorProto_DataType.FLOAT],
    );
    assert.deepEqual(model.initializer[0]!.rawData, new Uint8Array(Float32Array.of(1, 2).buffer));
  });

  it('names the place of weights that lie in a file, and holds none of them', () => {
    const graph = new GraphBuilder({ fused: false });
    const w = graph.initializer('w', 'float32', [2, 3], { file: 'model.safetensors', position: 64 });
    graph.output('y', add(graph, w, graph.scalar(1)));
    const [external, one] = fromBinary(ModelProtoSchema, toOnnx(graph)).graph!.initializer;
    assert.deepEqual(
      external!.externalData.map(({ key, value }) => [key, value]),
      [
        ['location', 'model.safetensors'],
        ['offset', '64'],
        ['length', '24'],
      ],
    );
    assert.deepEqual(
      [external!.dataLocation, external!.rawData.length, external!.dims],
      [TensorProto_DataLocation.EXTERNAL, 0, [2n, 3n]],
    );
    assert.deepEqual(one!.rawData, new Uint8Array(Float32Array.of(1).buffer));
  });

  it('stores equal constants once', () => {
    const graph = new GraphBuilder({ fused: false });
    assert.equal(graph.scalar(1), graph.scalar(1));
    assert.notEqual(graph.scalar(1), graph.constant('float32', [1]));
    assert.notEqual(graph.constant('int64', [1]), graph.constant('float32', [1]));
  });

  it('leaves out inputs in the middle and drops those at the end', () => {
    const graph = new GraphBuilder({ fused: false });
    const x = graph.input('x', 'float32', [1]);
    graph.node('Clip', [x, undefined, x, undefined], x);
    assert.deepEqual(graph.nodes[0]!.input, ['x', '', 'x']);
  });

  it('follows shapes', () => {
    const graph = new GraphBuilder({ fused: false });
    const x = graph.input('x', 'float32', ['batch', 'length', 6]);
    assert.deepEqual(
      split(graph, x, [4, 2]).map(({ shape }) => shape),
      [
        ['batch', 'length', 4],
        ['batch', 'length', 2],
      ],
    );
    assert.deepEqual(transpose(graph, x, [2, 0, 1]).shape, [6, 'batch', 'length']);
    assert.deepEqual(add(graph, x, graph.scalar(1)).shape, ['batch', 'length', 6]);
    assert.throws(() => add(graph, x, graph.constant('float32', [1, 2])), /do not broadcast/);
    assert.throws(() => reshape(graph, x, ['batch', 'heads', 6]), /nothing tells the length of "heads"/);
  });

  it('puts weights beside a model that would be too large, page by page, and small constants into it', () => {
    const graph = new GraphBuilder({ fused: false, half: true });
    const x = graph.input('x', 'float32', ['rows', 600]);
    const filled = (value: number) => (target: Uint8Array) =>
      target.set(bytesOf(new Float32Array(target.length / 4).fill(value)));
    const large = ['a', 'b'].map((name, i) => graph.initializer(name, 'float32', [600], filled(i + 1)));
    const small = graph.initializer('c', 'float32', [600, 1], filled(3));
    const tiny = graph.initializer('d', 'float32', [1], filled(4));
    graph.output(
      'y',
      [...large, tiny].reduce((sum, one) => add(graph, sum, one), x),
    );
    graph.output('z', small);
    const { model, data } = toOnnxFiles(graph, 'all.data', 2 ** 24 + 1000);
    const constants = fromBinary(ModelProtoSchema, model).graph!.initializer;
    assert.deepEqual(
      data.map(({ position, length }) => [position, length]),
      [
        [0, 1200],
        [4096, 1200],
        [8192, 1200],
      ],
    );
    assert.deepEqual(
      constants.map(({ name, dataLocation, rawData }) => [name, dataLocation, rawData.length]),
      [
        ['a', TensorProto_DataLocation.EXTERNAL, 0],
        ['b', TensorProto_DataLocation.EXTERNAL, 0],
        ['c', TensorProto_DataLocation.EXTERNAL, 0],
        ['d', TensorProto_DataLocation.DEFAULT, 2],
      ],
    );
    assert.deepEqual(
      constants[1]!.externalData.map(({ key, value }) => [key, value]),
      [
        ['location', 'all.data'],
        ['offset', '4096'],
        ['length', '1200'],
      ],
    );
    const halves = new Uint8Array(1200);
    data[1]!.write(halves);
    assert.deepEqual([halves[0], halves[1]], [0x00, 0x40]);
  });

  it('keeps a model in one piece as long as that may be', () => {
    const graph = new GraphBuilder({ fused: false });
    const w = graph.initializer('w', 'float32', [600], (target) => target.fill(0));
    graph.output('y', add(graph, w, graph.scalar(1)));
    const { model, data } = toOnnxFiles(graph, 'all.data');
    assert.deepEqual(data, []);
    assert.deepEqual(model, toOnnx(graph));
  });
});
