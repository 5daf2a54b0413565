import type { EncoderConfig } from '../../core/encoder/config';
import type { TensorValue, TokenClassifier } from '../../core/ports';
import type { ModelMetadata } from '../../core/serve/inferMessage';
import {
  BINARY_EXTENSION,
  inferAnswer,
  inferRequest,
  JSON_LENGTH,
  modelMetadata,
} from '../../core/serve/inferMessage';
import { FINGERPRINT } from '../../core/serve/tritonConfig';
import { checkIds } from '../encoder';
import { cutLogits, padBatch } from '../paddedBatch';
import type { InferenceServer } from './inferenceServer';

/** The most texts a request where the server tells no limit. */
const CAUTIOUS_BATCH = 8;

export interface RemoteModel {
  /** As the server names it. */
  readonly name: string;
  readonly config: EncoderConfig;
  /** SHA-256 of the local folder, which the server's model must be of where it says what it is of. */
  readonly fingerprint: string;
}

/** How a server wants to be asked. */
interface Terms {
  readonly place: string;
  readonly ids: 'int32' | 'int64';
  readonly masked: boolean;
  readonly output: string;
  readonly maxBatch: number;
  readonly binary: boolean;
}

/**
 * An encoder that runs on a server of the open inference protocol: token ids go there, logits come back.
 * @throws Error where the server has no such model, or one that is not of the local folder
 */
export async function openRemoteClassifier(
  server: InferenceServer,
  model: RemoteModel,
): Promise<TokenClassifier> {
  const terms = await agree(server, model);
  return {
    labels: model.config.labels,
    logits: async (ids) => {
      checkIds(ids, model.config);
      const parts = [];
      for (let i = 0; i < ids.length; i += terms.maxBatch)
        parts.push(await askLogits(server, terms, ids.slice(i, i + terms.maxBatch), model.config));
      return parts.flat();
    },
  };
}

async function agree(server: InferenceServer, model: RemoteModel): Promise<Terms> {
  const place = `v2/models/${encodeURIComponent(model.name)}`;
  const found = modelMetadata.safeParse(await server.find(place));
  if (!found.success) throw new Error(`${server.where(place)}: there is no model ${model.name}`);
  const { extensions } = ((await server.find('v2')) ?? {}) as { readonly extensions?: unknown };
  const binary = Array.isArray(extensions) && extensions.includes(BINARY_EXTENSION);
  const { maxBatch, sha256 } = await tritonTerms(server, place, extensions);
  if (sha256 !== undefined && sha256 !== model.fingerprint)
    throw new Error(
      `${server.where(place)}: was exported from another encoder than --model: its answers would be read wrongly`,
    );
  return { place, ...tensorTerms(server.where(place), found.data, model.config), maxBatch, binary };
}

/** What the protocol itself leaves unsaid, and Triton says. */
async function tritonTerms(server: InferenceServer, place: string, extensions: unknown) {
  const tells = Array.isArray(extensions) && extensions.includes('model_configuration');
  const config = (tells ? await server.find(`${place}/config`) : {}) as {
    readonly max_batch_size?: number;
    readonly parameters?: Readonly<Record<string, { readonly string_value?: string } | undefined>>;
  };
  const sha256 = config.parameters?.[FINGERPRINT]?.string_value;
  return { maxBatch: Math.max(1, config.max_batch_size ?? CAUTIOUS_BATCH), sha256 };
}

/** @throws Error where the model's tensors are none that a token classifier has */
function tensorTerms(where: string, { inputs, outputs }: ModelMetadata, { labels }: EncoderConfig) {
  const ids = inputs.find(({ name }) => name === 'input_ids');
  const masked = inputs.some(({ name }) => name === 'attention_mask');
  const unknown = inputs.find(({ name }) => name !== 'input_ids' && name !== 'attention_mask');
  const output = outputs.find(({ name }) => name === 'logits');
  const type = ids && ({ INT32: 'int32', INT64: 'int64' } as const)[ids.datatype];
  if (!type || !output)
    throw new Error(`${where}: is no token classifier: input_ids of integers and logits are needed`);
  if (unknown) throw new Error(`${where}: asks for ${unknown.name}, which Anamnese's encoders do not read`);
  const width = output.shape.at(-1);
  if (width !== undefined && width > 0 && width !== labels.length)
    throw new Error(`${where}: answers with ${width} labels, and --model has ${labels.length}`);
  return { ids: type, masked, output: output.name };
}

async function askLogits(
  server: InferenceServer,
  terms: Terms,
  ids: readonly Int32Array[],
  { padId, labels }: EncoderConfig,
): Promise<Float32Array[]> {
  const place = `${terms.place}/infer`;
  const { input_ids, attention_mask } = padBatch(ids, padId);
  const inputs = { input_ids: input_ids!, ...(terms.masked && { attention_mask: attention_mask! }) };
  const tensors = terms.ids === 'int64' ? mapped(inputs, widened) : inputs;
  const { body, headers } = await server.post(place, inferRequest(tensors, terms.output, terms.binary));
  const jsonLength = headers.get(JSON_LENGTH);
  try {
    const length = jsonLength === null ? undefined : Number(jsonLength);
    const { shape, data } = inferAnswer(body, length, terms.output);
    const expected = [...input_ids!.dims, labels.length];
    if (shape.join() !== expected.join())
      throw new Error(`the answer's shape is [${shape.join()}], not [${expected.join()}]`);
    return cutLogits(data, ids, labels.length);
  } catch (error) {
    throw new Error(`${server.where(place)}: ${(error as Error).message}`, { cause: error });
  }
}

function widened({ dims, data }: TensorValue): TensorValue {
  return { type: 'int64', dims, data: BigInt64Array.from(data as Int32Array, BigInt) };
}

function mapped<A, B>(values: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
}
