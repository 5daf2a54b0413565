import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPickle } from '../../../src/node/checkpoint/pickle';
import { Global, Storage, StridedTensor } from '../../../src/node/checkpoint/pickleValue';

/** A pickle spelled as Python's pickletools shows it: opcodes are Latin-1 characters. */
const read = (code: string) => readPickle(Buffer.from(code, 'latin1')).value;

const short = (text: string) => `\x8c${String.fromCharCode(text.length)}${text}`;

describe('pickle', () => {
  it('reads numbers, text and containers of every protocol', () => {
    assert.equal(read('I12\n.'), 12);
    assert.equal(read('L12L\n.'), 12);
    assert.equal(read('J\xff\xff\xff\xff.'), -1);
    assert.equal(read('K\xff.'), 255);
    assert.equal(read('M\x01\x02.'), 513);
    assert.equal(read('\x80\x02\x8a\x01\xff.'), -1);
    assert.equal(read('\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.'), 0x1950a86a20f9469cfc6cn);
    assert.equal(read('G\x3f\xf8\x00\x00\x00\x00\x00\x00.'), 1.5);
    assert.equal(read('X\x03\x00\x00\x00\xc3\xa3o.'), 'ão');
    assert.deepEqual(read('](K\x01K\x02e.'), [1, 2]);
    assert.deepEqual(read('}(U\x01aK\x01u.'), new Map([['a', 1]]));
    assert.deepEqual(read('(K\x01q\x000h\x00l.'), [1]);
  });

  it('rebuilds tensors over storages', () => {
    const storage = `(${short('storage')}ctorch\nFloatStorage\n${short('7')}${short('cpu')}K\x06tQ`;
    const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00K\x02K\x03\x86K\x03K\x01\x86\x89}tR.`;
    const expected = new StridedTensor(new Storage('F32', '7', 6), 0, [2, 3], [3, 1]);
    assert.deepEqual(read(tensor), expected);
    assert.throws(() => read(tensor.replace('K\x00K\x02K\x03', 'K\x01K\x02K\x03')), /exceeds its storage/);
  });

  it('refuses a tensor that repeats a few bytes without end', () => {
    const storage = `(${short('storage')}ctorch\nFloatStorage\n${short('7')}${short('cpu')}K\x01tQ`;
    const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00J\xff\xff\xff\x7f\x85K\x00\x85\x89}tR.`;
    assert.throws(() => read(tensor), /exceeds its storage/);
  });

  const os = /wants to import (posix|os|nt)\.system/;
  const malicious: [string, string, RegExp][] = [
    ['GLOBAL and REDUCE', 'cos\nsystem\n(S\ntR.', os],
    ['STACK_GLOBAL', `\x80\x04${short('posix')}${short('system')}\x93${short('id')}\x85R.`, os],
    ['a nested call', `}${short('a')}](cnt\nsystem\n${short('id')}\x85Rees.`, os],
    [
      'a dotted attribute',
      `\x80\x04${short('torch')}${short('serialization.os.system')}\x93.`,
      /wants to import/,
    ],
    ['a prototype key', `\x80\x04${short('constructor')}${short('constructor')}\x93.`, /wants to import/],
    ['eval', 'c__builtin__\neval\n(tR.', /wants to import __builtin__\.eval/],
    ['getattr', 'cbuiltins\ngetattr\n(tR.', /wants to import builtins\.getattr/],
    ['INST', '(ios\nsystem\n.', /opcode INST/],
    ['OBJ', '(ccollections\nOrderedDict\no.', /opcode OBJ/],
    ['NEWOBJ', 'ccollections\nOrderedDict\n)\x81.', /opcode NEWOBJ/],
    ['EXT1', '\x82\x01.', /opcode EXT1/],
    ['EXT2', '\x83\x01\x00.', /opcode EXT2/],
    ['EXT4', '\x84\x01\x00\x00\x00.', /opcode EXT4/],
    ['PERSID', 'Pid\n.', /opcode PERSID/],
    ['BUILD of a list', ']}b.', /sets the state/],
    ['BUILD of a name', 'ccollections\nOrderedDict\n}b.', /sets the state/],
    ['a call of a type', 'ctorch\nFloatStorage\n)R.', /calls torch\.FloatStorage/],
    ['a call of text', `${short('eval')})R.`, /calls something that is no function/],
  ];
  for (const [name, code, message] of malicious) {
    it(`refuses ${name}`, () => assert.throws(() => read(code), message));
  }

  it('keeps what it imports as names', () => {
    assert.deepEqual(read('ctorch\nFloatStorage\n.'), new Global('torch.FloatStorage'));
  });

  it('answers any bytes with a value or an Error, at once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readPickle(bytes);
        } catch (error) {
          assert.equal((error as Error).constructor, Error);
        }
      }),
      { numRuns: 500 },
    );
  });
});
