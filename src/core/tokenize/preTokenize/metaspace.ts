import { type PreToken, type PreTokenizer, splitAt, withPrefix } from './preToken';

/** Which pre-tokens get a replacement character of their own before them: all, the text's first, none. */
export type PrependScheme = 'always' | 'first' | 'never';

/** SentencePiece's convention: a space is a visible character that begins the word after it. */
export function metaspace(replacement: string, scheme: PrependScheme, split: boolean): PreTokenizer {
  const words = splitAt(new RegExp(replacement, 'gu'), 'MergedWithNext');
  const prefixes = ({ opens }: PreToken) => scheme === 'always' || (scheme === 'first' && opens);
  return (token) => {
    const spaced = { ...token, text: token.text.replaceAll(' ', replacement) };
    const whole =
      prefixes(token) && !spaced.text.startsWith(replacement) ? withPrefix(spaced, replacement) : spaced;
    return split ? words(whole) : [whole];
  };
}
