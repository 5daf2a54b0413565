import assert from 'node:assert/strict';
import { casingDoubt } from '../../../src/core/tokenize/casingDoubt';
import type { Encoding } from '../../../src/core/tokenize/encoding';
import { TokenizerFileError } from '../../../src/core/tokenize/fileError';
import { loadTokenizer, type TokenizerFiles } from '../../../src/core/tokenize/loadTokenizer';
import { expectedTokens, oracleFiles, ownTokens, readOracle, strings } from './oracle';

const files = (kind: string) =>
  oracleFiles(kind) as TokenizerFiles & { tokenizerJson: Record<string, unknown> };
const withJson = (kind: string, change: object): TokenizerFiles => ({
  tokenizerJson: { ...files(kind).tokenizerJson, ...change },
});
const ownIds = (encoding: Encoding): number[] => ownTokens(encoding).map(([id]) => id);

/** A text with its tokens drawn under it: a bracketed span each, empty ones as a bar. */
function drawn(kind: string, text: string): string[] {
  return ownTokens(loadTokenizer(oracleFiles(kind)).encode(text)).map(([, start, end]) =>
    start === end ? `${' '.repeat(start)}|` : ' '.repeat(start) + text.slice(start, end),
  );
}

describe('loadTokenizer', () => {
  it('draws spans without the space before a word', () => {
    const spans = drawn('byte-level', 'paciente com  a');
    // prettier-ignore
    assert.deepEqual(spans, [
      'paciente',
      '         com',
      '              |',
      '              a',
    ]);
  });

  it('gives special tokens an empty range at either end', () => {
    const { starts, ends, special } = loadTokenizer(files('wordpiece-cased')).encode('dor');
    assert.deepEqual(Array.from(special), [1, 0, 1]);
    assert.deepEqual(Array.from(starts), [0, 0, 3]);
    assert.deepEqual(Array.from(ends), [0, 3, 3]);
  });

  it('keeps the range of a special token written out in a note', () => {
    const text = 'a [MASK] b';
    const { starts, ends, special } = loadTokenizer(files('byte-level')).encode(text);
    const at = Array.from(starts).indexOf(2);
    assert.equal(text.slice(starts[at], ends[at]), '[MASK]');
    assert.equal(special[at], 0);
  });

  it('reads a lone surrogate as U+FFFD', () => {
    for (const kind of ['wordpiece-cased', 'byte-level', 'gemma', 'unigram-e5']) {
      const tokenizer = loadTokenizer(files(kind));
      assert.deepEqual(tokenizer.encode('a\ud800b \udc00'), tokenizer.encode('a\ufffdb \ufffd'));
    }
  });

  it('says where padding and the longest input stand', () => {
    const bert = loadTokenizer(files('wordpiece-cased'));
    assert.equal(bert.padId, 0);
    assert.equal(bert.modelMaxLength, 512);
    assert.equal(loadTokenizer(files('unigram')).padId, 1);
    assert.equal(loadTokenizer(files('gemma')).modelMaxLength, undefined);
  });

  it('reads a vocab.txt with Windows line ends', () => {
    const { vocabTxt, tokenizerConfig } = oracleFiles('vocab-cased');
    const windows = loadTokenizer({ vocabTxt: vocabTxt!.replaceAll('\n', '\r\n'), tokenizerConfig });
    assert.deepEqual(
      windows.encode('Dor torácica'),
      loadTokenizer(oracleFiles('vocab-cased')).encode('Dor torácica'),
    );
  });

  it('reads older files that do not name the model’s type', () => {
    const model = { ...(files('wordpiece-cased').tokenizerJson.model as Record<string, unknown>) };
    delete model.type;
    const old = loadTokenizer(withJson('wordpiece-cased', { model }));
    assert.deepEqual(old.encode('Dor'), loadTokenizer(files('wordpiece-cased')).encode('Dor'));
  });

  it('reads merges written as one string', () => {
    const model = files('gemma').tokenizerJson.model as { merges: [string, string][] };
    const joined = loadTokenizer(
      withJson('gemma', { model: { ...model, merges: model.merges.map((pair) => pair.join(' ')) } }),
    );
    assert.deepEqual(joined.encode('Dor torácica'), loadTokenizer(files('gemma')).encode('Dor torácica'));
  });

  it('takes the longest input by its older name too', () => {
    const { vocabTxt } = oracleFiles('vocab-cased');
    assert.equal(loadTokenizer({ vocabTxt, tokenizerConfig: { max_len: 48 } }).modelMaxLength, 48);
  });

  it('has the tokens of an added_tokens.json besides those of a vocab.txt', () => {
    const { vocabTxt, tokenizerConfig } = oracleFiles('vocab-cased');
    const added = { vocabTxt, tokenizerConfig, addedTokens: { 'dor torácica': 700, com: 701 } };
    const [without, tokens] = [loadTokenizer({ vocabTxt, tokenizerConfig }), loadTokenizer(added)];
    assert.deepEqual(ownIds(tokens.encode('dor torácica')), [700]);
    assert.deepEqual(
      ownIds(tokens.encode('com')),
      ownIds(without.encode('com')),
      'the vocabulary’s own wins',
    );
    assert.throws(() => loadTokenizer({ ...added, addedTokens: { dor: 'x' } }), /^.*added_tokens\.json: dor/);
  });

  it('reads one line of a megabyte in seconds', () => {
    const line = 'PA 230/90mmhg, paciente com dispneia; '.repeat(27_000);
    for (const kind of ['wordpiece-uncased', 'byte-level', 'gemma', 'unigram', 'unigram-e5']) {
      const started = performance.now();
      loadTokenizer(files(kind)).encode(line);
      assert.ok(performance.now() - started < 20_000, kind);
    }
  });
});

describe('a tokenizer_config.json beside a BERT’s tokenizer.json', () => {
  /** What transformers 5.24 makes of each, read from its backend's normalizer. */
  const cases: [config: object, lowercase: boolean | undefined, strip?: boolean][] = [
    [{}, undefined],
    [{ do_lower_case: true }, true],
    [{ do_lower_case: false }, false],
    [{ do_lower_case: true, strip_accents: false }, true, false],
    [{ tokenizer_class: 'BertTokenizer' }, true],
    [{ tokenizer_class: 'BertTokenizerFast', do_lower_case: false }, false],
    [{ tokenizer_class: 'BertTokenizer', strip_accents: false }, true, false],
    [{ tokenizer_class: 'PreTrainedTokenizerFast', do_lower_case: true }, undefined],
  ];
  for (const kind of ['wordpiece-cased', 'wordpiece-uncased'])
    for (const [tokenizerConfig, lowercase, strip_accents = null] of cases)
      it(`${kind} ${JSON.stringify(tokenizerConfig)}`, () => {
        const { normalizer } = files(kind).tokenizerJson;
        const asSaid =
          lowercase === undefined ? normalizer : { ...(normalizer as object), lowercase, strip_accents };
        const expected = loadTokenizer(withJson(kind, { normalizer: asSaid }));
        const actual = loadTokenizer({ ...withJson(kind, {}), tokenizerConfig });
        assert.deepEqual(actual.encode('Evolução: DOR torácica'), expected.encode('Evolução: DOR torácica'));
      });
});

describe('doubt about case', () => {
  const capitals = Array.from(
    { length: 120 },
    (_, i) => `Dor${'abcdefghij'[i % 10]}${'klmnopqrstuv'[i % 12]}`,
  );
  const cased = ['[UNK]', ...capitals, ...capitals.map((word) => `##${word}`)].join('\n');

  it('arises where a vocabulary has capitalised words and no file says what to do', () => {
    assert.match(casingDoubt({ vocabTxt: cased })!, /^vocab\.txt has capitalised words/);
    assert.match(casingDoubt({ vocabTxt: cased, tokenizerConfig: { max_len: 512 } })!, /do_lower_case/);
  });

  it('does not where one says so, where there are few, or where there is a tokenizer.json', () => {
    for (const do_lower_case of [true, false])
      assert.equal(casingDoubt({ vocabTxt: cased, tokenizerConfig: { do_lower_case } }), undefined);
    assert.equal(casingDoubt({ vocabTxt: cased.toLowerCase() }), undefined);
    assert.equal(casingDoubt({ vocabTxt: '[UNK]\nDor\nAo' }), undefined);
    assert.equal(casingDoubt(files('wordpiece-cased')), undefined);
  });
});

describe('prefixSpace', () => {
  it('"always" is what Python does with add_prefix_space', () => {
    const preTokenizer = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
    const bare = withJson('byte-level-prefix', { pre_tokenizer: preTokenizer });
    const { rows } = readOracle('byte-level-prefix');
    const always = loadTokenizer(bare, { prefixSpace: 'always' });
    const configured = loadTokenizer({ ...bare, tokenizerConfig: { add_prefix_space: true } });
    strings.forEach((text, i) => {
      const expected = expectedTokens(text, rows[i]!, (cluster) => cluster.normalize('NFC') !== cluster);
      assert.deepEqual(ownTokens(always.encode(text)), expected);
      assert.deepEqual(always.encode(text), configured.encode(text));
    });
  });

  for (const kind of ['byte-level', 'gemma']) {
    it(`"always" gives the first word the ids it has within a note, ${kind}`, () => {
      const asFiles = loadTokenizer(files(kind));
      const always = loadTokenizer(files(kind), { prefixSpace: 'always' });
      for (const text of ['Paciente com dor', 'úlcera', 'a', '😀', ' Paciente', 'e\u0301']) {
        const within = text.startsWith(' ') ? text : ` ${text}`;
        const moved = within.length - text.length;
        const expected = ownTokens(asFiles.encode(within)).map(([id, start, end]) => [
          id,
          start - moved,
          end - moved,
        ]);
        const actual = ownTokens(always.encode(text));
        assert.deepEqual(
          actual.map(([id]) => id),
          expected.map(([id]) => id),
        );
        assert.deepEqual(actual.at(-1), expected.at(-1));
      }
      assert.notDeepEqual(ownIds(always.encode('Paciente')), ownIds(asFiles.encode('Paciente')));
      assert.deepEqual(ownIds(always.encode('')), []);
    });
  }

  it('does not matter where words carry no space', () => {
    const always = loadTokenizer(files('wordpiece-cased'), { prefixSpace: 'always' });
    assert.deepEqual(always.encode('Dor'), loadTokenizer(files('wordpiece-cased')).encode('Dor'));
  });
});

describe('loadTokenizer refuses', () => {
  const model = files('gemma').tokenizerJson.model as object;
  const cases: [what: string, files: TokenizerFiles, message: RegExp][] = [
    ['nothing', {}, /^tokenizer\.json: is missing, and there is no vocab\.txt/],
    ['what is no object', { tokenizerJson: 'x' }, /^tokenizer\.json: /],
    ['a file without a model', { tokenizerJson: {} }, /^tokenizer\.json: model/],
    [
      'an unknown model',
      withJson('gemma', { model: { type: 'WordLevel' } }),
      /^tokenizer\.json: model.*"WordLevel" is not supported/,
    ],
    [
      'an empty vocabulary',
      withJson('gemma', { model: { ...model, vocab: {} } }),
      /model\.vocab: must map tokens to ids/,
    ],
    [
      'a missing unknown token',
      withJson('gemma', { model: { ...model, unk_token: '<nope>' } }),
      /unknown token <nope> is missing/,
    ],
    [
      'random merges',
      withJson('gemma', { model: { ...model, dropout: 0.1 } }),
      /model\.dropout: makes tokens random/,
    ],
    [
      'an unknown normalizer',
      withJson('gemma', {
        normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Zalgo' }] },
      }),
      /^tokenizer\.json: normalizer\.1.*"Zalgo" is not supported/,
    ],
    [
      'an unknown pre-tokenizer',
      withJson('gemma', { pre_tokenizer: { type: 'CharDelimiterSplit' } }),
      /pre_tokenizer\.0.*"CharDelimiterSplit"/,
    ],
    [
      'an unknown post-processor',
      withJson('gemma', { post_processor: { type: 'Shuffle' } }),
      /post_processor\.0.*"Shuffle"/,
    ],
    [
      'a pattern that cannot be compiled',
      withJson('gemma', { normalizer: { type: 'Replace', pattern: { Regex: '(' }, content: '' } }),
      /the pattern .* cannot be compiled/,
    ],
    [
      'a charsmap cut short',
      withJson('gemma', { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }),
      /precompiled_charsmap/,
    ],
    [
      'a byte level that is not last',
      withJson('gemma', {
        pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'ByteLevel' }, { type: 'Digits' }] },
      }),
      /ByteLevel is supported only as the last step/,
    ],
    ['a vocab.txt without the unknown token', { vocabTxt: 'a\nb\n' }, /^vocab\.txt: has no line \[UNK\]/],
    [
      'a config of the wrong type',
      { vocabTxt: '[UNK]\n', tokenizerConfig: { do_lower_case: 'yes' } },
      /^tokenizer_config\.json: do_lower_case/,
    ],
  ];
  for (const [what, bad, message] of cases) {
    it(what, () => {
      assert.throws(
        () => loadTokenizer(bad),
        (error) =>
          (error instanceof TokenizerFileError && message.test(error.message)) || assert.fail(String(error)),
      );
    });
  }
});
