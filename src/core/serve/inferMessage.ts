import { z } from 'zod';
import type { TensorValue } from '../ports';

/** Messages of the open inference protocol, version 2, over HTTP: JSON, or JSON with its tensors' bytes behind it. */

export type Datatype = 'INT32' | 'INT64' | 'FP32';

/** A body with the headers that say what it is. */
export interface InferBody {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a body's JSON ends, in bytes, when bytes of tensors come behind it. */
export const JSON_LENGTH = 'Inference-Header-Content-Length';

/** The name by which servers say that they know the bytes. */
export const BINARY_EXTENSION = 'binary_tensor_data';

const tensorMetadata = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.coerce.number()),
});
export type TensorMetadata = z.infer<typeof tensorMetadata>;

/** Answer to `v2/models/NAME`. */
export const modelMetadata = z.object({
  name: z.string(),
  inputs: z.array(tensorMetadata).default([]),
  outputs: z.array(tensorMetadata).default([]),
});
export type ModelMetadata = z.infer<typeof modelMetadata>;

const inferResponse = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.int().nonnegative()),
      parameters: z.object({ binary_data_size: z.int().nonnegative().optional() }).optional(),
      data: z.array(z.unknown()).optional(),
    }),
  ),
});
type Output = z.infer<typeof inferResponse>['outputs'][number];

/** A request for one output; `binary` sends the tensors as bytes and asks for bytes. */
export function inferRequest(
  inputs: Readonly<Record<string, TensorValue>>,
  output: string,
  binary: boolean,
): InferBody {
  const tensors = Object.entries(inputs);
  const described = tensors.map(([name, { type, dims, data }]) => ({
    name,
    shape: dims,
    datatype: datatypeOf(type),
    ...(binary
      ? { parameters: { binary_data_size: data.byteLength } }
      : { data: Array.from<number | bigint, number>(data, Number) }),
  }));
  const asked = binary ? { name: output, parameters: { binary_data: true } } : { name: output };
  const json = new TextEncoder().encode(JSON.stringify({ inputs: described, outputs: [asked] }));
  if (!binary) return { body: json, headers: { 'Content-Type': 'application/json' } };
  const parts = [json, ...tensors.map(([, { data }]) => bytesOf(data))];
  const headers = { 'Content-Type': 'application/octet-stream', [JSON_LENGTH]: String(json.length) };
  return { body: joined(parts), headers };
}

/**
 * The tensor of one output in an answer; float32.
 * @param jsonLength where the answer's JSON ends, when it says so
 * @throws Error saying what is wrong with the answer
 */
export function inferAnswer(
  body: Uint8Array,
  jsonLength: number | undefined,
  output: string,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const text = new TextDecoder().decode(body.subarray(0, jsonLength));
  const parsed = inferResponse.safeParse(json(text));
  if (!parsed.success) throw new Error('the answer is none of the open inference protocol');
  const { outputs } = parsed.data;
  const index = outputs.findIndex(({ name }) => name === output);
  const found = outputs[index];
  if (!found) throw new Error(`the answer has no output ${output}`);
  if (found.datatype !== 'FP32') throw new Error(`the output ${output} is ${found.datatype}, not FP32`);
  const before = outputs.slice(0, index).reduce((sum, one) => sum + sizeOf(one), 0);
  const data = found.data
    ? Float32Array.from(found.data.flat(Infinity), (value) => (typeof value === 'number' ? value : NaN))
    : floats(body, (jsonLength ?? body.length) + before, sizeOf(found));
  const expected = found.shape.reduce((product, length) => product * length, 1);
  if (data.length !== expected)
    throw new Error(`the output ${output} has ${data.length} numbers, not the ${expected} of its shape`);
  if (data.some(Number.isNaN)) throw new Error(`the output ${output} holds what is no number`);
  return { shape: found.shape, data };
}

const sizeOf = ({ parameters }: Output): number => parameters?.binary_data_size ?? 0;

/** Little-endian, as the protocol has it and every processor that the editor runs on. */
function floats(body: Uint8Array, start: number, size: number): Float32Array {
  if (size % 4 !== 0 || start + size > body.length) throw new Error('the answer ends within a tensor');
  return new Float32Array(body.slice(start, start + size).buffer);
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorValue['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function datatypeOf(type: TensorValue['type']): Datatype {
  if (type === 'int32') return 'INT32';
  if (type === 'int64') return 'INT64';
  if (type === 'float32') return 'FP32';
  throw new Error(`no request sends ${type}`);
}

/** Undefined where it is not JSON. */
function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
