import type { Checkpoint } from '../../core/encoder/checkpoint';
import { storedBytes } from '../../core/encoder/checkpoint';
import { EncoderError } from '../../core/encoder/encoderError';
import { readPickle } from './pickle';
import type { PickleValue } from './pickleValue';
import { StridedTensor } from './pickleValue';
import { RandomAccessFile } from './randomAccessFile';
import { stateDictCheckpoint } from './stateDict';
import { storedEntries } from './zip';

/** Structure only, no weights: a checkpoint of thousands of tensors needs a few hundred kilobytes. */
const maxPickleBytes = 64 * 2 ** 20;

/**
 * Opens a state_dict that torch.save wrote, as a zip archive (since PyTorch 1.6) or in the older format. Nothing in
 * the file is executed.
 * @throws EncoderError when the file is damaged, or wants more than weights need
 */
export async function openPytorch(path: string): Promise<Checkpoint> {
  const file = RandomAccessFile.open(path);
  try {
    const isZip = file.size >= 4 && String(file.read(0, 4)) === String([0x50, 0x4b, 3, 4]);
    return isZip ? await openZip(path, file) : openLegacy(file);
  } catch (error) {
    file.close();
    throw error instanceof EncoderError ? error : file.error((error as Error).message);
  }
}

/** `<name>/data.pkl` has the structure, `<name>/data/<key>` one storage each. */
async function openZip(path: string, file: RandomAccessFile): Promise<Checkpoint> {
  const entries = await storedEntries(path, file);
  const pickleName = [...entries.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (pickleName === undefined) throw file.error('is an archive without data.pkl, not a PyTorch checkpoint');
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(file.read(order.position, order.length)) !== 'little') {
    throw file.error('was written on a big-endian machine, which is not supported');
  }
  const pickle = entries.get(pickleName)!;
  if (pickle.length > maxPickleBytes) throw file.error('has an absurdly large data.pkl');
  const { value } = readPickle(file.read(pickle.position, pickle.length));
  return stateDictCheckpoint(file, value, ({ key, type, length }) => {
    const entry = entries.get(`${folder}data/${key}`);
    if (!entry || entry.length < length * storedBytes[type]) throw file.error(`lacks the storage ${key}`);
    return entry.position;
  });
}

const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;

/** torch.save has always written pickles of protocol 2 and later, which start with this opcode. */
const protocolOpcode = 0x80;

/**
 * Five pickles (magic number, protocol, machine, state_dict, storage keys), then for each key in that order the
 * storage's length as int64 and its elements.
 */
function openLegacy(file: RandomAccessFile): Checkpoint {
  const head = file.read(0, Math.min(file.size, maxPickleBytes));
  if (head[0] !== protocolOpcode) throw file.error('is not a PyTorch checkpoint');
  const pickles: PickleValue[] = [];
  let position = 0;
  for (let index = 0; index < 5; index++) {
    const { value, end } = readPickle(head, position);
    if (index === 0 && value !== legacyMagic) throw file.error('is not a PyTorch checkpoint');
    if (index === 1 && value !== legacyProtocol) throw file.error('is of an unknown version of PyTorch');
    pickles.push(value);
    position = end;
  }
  return stateDictCheckpoint(file, pickles[3]!, legacyPositions(file, pickles, position));
}

function legacyPositions(
  file: RandomAccessFile,
  [, , machine, stateDict, keys]: PickleValue[],
  start: number,
) {
  if (machine instanceof Map && machine.get('little_endian') === false) {
    throw file.error('was written on a big-endian machine, which is not supported');
  }
  const widths = storageWidths(stateDict!);
  const positions = new Map<string, number>();
  let position = start;
  for (const key of Array.isArray(keys) ? keys : []) {
    const width = widths.get(String(key));
    // No tensor of ours looks into it, but its width is needed to find the next one.
    if (width === undefined) throw file.error(`has a storage ${String(key)} of unknown type`);
    const length = Number(new DataView(file.read(position, 8).buffer).getBigInt64(0, true));
    positions.set(String(key), position + 8);
    position += 8 + length * width;
    if (!(length >= 0 && position <= file.size)) throw file.error('is truncated: download it again');
  }
  return ({ key }: { key: string }) => {
    const found = positions.get(key);
    if (found === undefined) throw file.error(`lacks the storage ${key}`);
    return found;
  };
}

function storageWidths(stateDict: PickleValue): Map<string, number> {
  const tensors = stateDict instanceof Map ? [...stateDict.values()] : [];
  return new Map(
    tensors.flatMap((tensor) =>
      tensor instanceof StridedTensor ? [[tensor.storage.key, storedBytes[tensor.storage.type]]] : [],
    ),
  );
}
