import fc from 'fast-check';

/** Any code points, lone surrogates too, mixed with what notes are made of. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(
        'paciente',
        ' dor ',
        'ação',
        'ação'.normalize('NFD'),
        '\r\n',
        '  ',
        '[MASK]',
        '<s>',
        '😀',
        '½',
        '#',
      ),
      fc.constantFrom('\ud83d', '\ude00', '\u200b', '\ufeff', '\u0007', '\u0301', 'ﬁ', '患'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
