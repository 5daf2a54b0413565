import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import type { Session, TensorValue } from '../../../src/core/ports';
import { onnxRuntime } from '../../../src/node/onnxRuntime';

/*
 * A server of the open inference protocol that takes nothing but what its published schema has
 * (kserve/open-inference-protocol, open_inference_rest.yaml) and, with `binary`, NVIDIA's binary tensor data extension.
 */

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const input = z.strictObject({
  name: z.string(),
  shape: z.array(z.int()),
  datatype: z.enum(['INT32', 'INT64']),
  parameters: parameters.optional(),
  data: z.array(z.int()).optional(),
});
const request = z.strictObject({
  id: z.string().optional(),
  parameters: parameters.optional(),
  inputs: z.array(input),
  outputs: z.array(z.strictObject({ name: z.string(), parameters: parameters.optional() })).optional(),
});
type Request = z.infer<typeof request>;

export interface StrictOptions {
  readonly binary: boolean;
  readonly maxBatch: number;
  /** Answers before the model's: how a request fails, or undefined to answer it. */
  fault?(request: IncomingMessage, response: ServerResponse): boolean;
  /** What `v2/models/NAME/config` tells of the model besides; undefined where the server has no such address. */
  readonly config?: object | undefined;
}

export interface StrictServer {
  readonly url: string;
  /** Shapes that were asked for. */
  readonly shapes: number[][];
  close(): Promise<void>;
}

class Refused extends Error {}

/** Serves one model of a repository as Triton does. */
export async function strictServer(
  repository: string,
  name: string,
  labels: number,
  options: StrictOptions,
): Promise<StrictServer> {
  const onnx = readFileSync(path.join(repository, name, '1', 'model.onnx'));
  const session = await onnxRuntime({ threads: 1 }).compile(onnx, 'cpu');
  const shapes: number[][] = [];
  const server: Server = createServer((asked, response) => {
    if (options.fault?.(asked, response)) return;
    answer(asked, session, { name, labels, shapes, ...options }).then(
      ({ body, headers }) => response.writeHead(200, headers).end(body),
      (error: Error) => {
        const status = error instanceof Refused ? 400 : 500;
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ error: error.message }));
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shapes,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await session.dispose();
    },
  };
}

interface Served extends StrictOptions {
  readonly name: string;
  readonly labels: number;
  readonly shapes: number[][];
}

interface Answered {
  readonly body: Uint8Array;
  readonly headers: Record<string, string>;
}

async function answer(asked: IncomingMessage, session: Session, served: Served): Promise<Answered> {
  const place = `${asked.method} ${asked.url}`;
  const model = `/v2/models/${served.name}`;
  if (place === 'GET /v2') return json({ name: 'strict', version: '1', extensions: extensionsOf(served) });
  if (place === `GET ${model}`) return json(metadata(served));
  if (place === `GET ${model}/config` && served.config)
    return json({ max_batch_size: served.maxBatch, ...served.config });
  if (place === `POST ${model}/infer`) return await infer(asked, session, served);
  throw new Refused(`Request for unknown model: ${place}`);
}

const extensionsOf = ({ binary, config }: Served): string[] => [
  ...(binary ? ['binary_tensor_data'] : []),
  ...(config ? ['model_configuration'] : []),
];

function metadata({ name, labels }: Served): object {
  const ids = (input: string): object => ({ name: input, datatype: 'INT64', shape: [-1, -1] });
  const outputs = [{ name: 'logits', datatype: 'FP32', shape: [-1, -1, labels] }];
  const inputs = [ids('input_ids'), ids('attention_mask')];
  return { name, versions: ['1'], platform: 'onnxruntime_onnx', inputs, outputs };
}

async function infer(asked: IncomingMessage, session: Session, served: Served): Promise<Answered> {
  const chunks: Buffer[] = [];
  for await (const chunk of asked) chunks.push(chunk as Buffer);
  const all = Buffer.concat(chunks);
  const said = asked.headers['inference-header-content-length'];
  if (said !== undefined && !served.binary) throw new Refused('no binary tensors here');
  const length = said === undefined ? all.length : Number(said);
  const parsed = request.safeParse(JSON.parse(all.toString('utf8', 0, length)));
  if (!parsed.success) throw new Refused(parsed.error.message);
  const feeds = tensorsOf(parsed.data, all.subarray(length));
  const { dims } = feeds['input_ids']!;
  served.shapes.push([...dims]);
  if (dims[0]! > served.maxBatch) throw new Refused(`batch-size must be <= ${served.maxBatch}`);
  const { logits } = await session.run(feeds);
  return answerOf(logits!, served.name, parsed.data.outputs?.[0]?.parameters?.['binary_data'] === true);
}

function tensorsOf({ inputs }: Request, bytes: Buffer): Record<string, TensorValue> {
  let at = 0;
  const tensors = inputs.map(({ name, shape, datatype, data, parameters: own }): [string, TensorValue] => {
    if (datatype !== 'INT64') throw new Refused(`${name}: INT64 is expected`);
    const size = own?.['binary_data_size'];
    if ((data === undefined) === (size === undefined)) throw new Refused(`${name}: data, or its size`);
    const values = data ? BigInt64Array.from(data, BigInt) : numbersAt(bytes, at, Number(size));
    at += Number(size ?? 0);
    if (values.length !== shape.reduce((product, one) => product * one, 1))
      throw new Refused(`${name}: its shape is of another size`);
    return [name, { type: 'int64', dims: shape, data: values }];
  });
  if (at !== bytes.length) throw new Refused(`${bytes.length - at} bytes are of no tensor`);
  return Object.fromEntries(tensors);
}

function numbersAt(bytes: Buffer, at: number, size: number): BigInt64Array {
  if (at + size > bytes.length) throw new Refused('the body ends within a tensor');
  return new BigInt64Array(Uint8Array.from(bytes.subarray(at, at + size)).buffer);
}

function answerOf({ dims, data }: TensorValue, name: string, binary: boolean): Answered {
  const output = { name: 'logits', datatype: 'FP32', shape: dims };
  if (!binary)
    return json({ model_name: name, outputs: [{ ...output, data: Array.from(data as Float32Array) }] });
  const head = Buffer.from(
    JSON.stringify({
      model_name: name,
      outputs: [{ ...output, parameters: { binary_data_size: data.byteLength } }],
    }),
  );
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Inference-Header-Content-Length': String(head.length),
  };
  return { body: Buffer.concat([head, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]), headers };
}

function json(value: object): Answered {
  return { body: Buffer.from(JSON.stringify(value)), headers: { 'Content-Type': 'application/json' } };
}
