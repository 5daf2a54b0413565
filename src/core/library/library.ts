import type { PublishedEncoder } from './published';
import { PUBLISHED_ENCODERS } from './published';
import { parameterCount, weightBytes } from './encoderShape';

/** An encoder that was added, as its folder says. */
export interface AddedEncoder {
  /** `owner/name`, or a name alone of what was added from a folder. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  readonly family: string;
  readonly layers: number;
  readonly hiddenSize: number;
  /** Outputs of its head for tokens; empty where it has none. */
  readonly labels: readonly string[];
  /** Of its files on disk. */
  readonly bytes: number;
  /** Commit of the repository; undefined of a folder. */
  readonly commit: string | undefined;
  readonly licence: string | undefined;
  /** Why it cannot be used, where it cannot. */
  readonly problem?: string;
}

/** A row of the library: one of the study's encoders, or another that was added. */
export interface LibraryEntry {
  readonly id: string;
  readonly name: string;
  readonly published: PublishedEncoder | undefined;
  readonly added: AddedEncoder | undefined;
  /** On disk where it is at hand, else of the weights as they follow from the shape. */
  readonly bytes: number;
  readonly parameters: number | undefined;
  readonly licence: string | undefined;
}

/** The nine encoders of the study, then what else was added. */
export function libraryEntries(added: readonly AddedEncoder[]): LibraryEntry[] {
  const of = (id: string): AddedEncoder | undefined => added.find((one) => one.id === id);
  const known = new Set(PUBLISHED_ENCODERS.map(({ id }) => id));
  return [
    ...PUBLISHED_ENCODERS.map((published) => publishedEntry(published, of(published.id))),
    ...added.filter(({ id }) => !known.has(id)).map(otherEntry),
  ];
}

function publishedEntry(published: PublishedEncoder, added: AddedEncoder | undefined): LibraryEntry {
  const { id, name, shape, licence } = published;
  return {
    id,
    name,
    published,
    added,
    bytes: added?.bytes ?? weightBytes(shape),
    parameters: parameterCount(shape),
    licence: licence ?? added?.licence,
  };
}

function otherEntry(added: AddedEncoder): LibraryEntry {
  const { id, bytes, licence } = added;
  return { id, name: id, published: undefined, added, bytes, parameters: undefined, licence };
}
