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

/** An encoder whose transfer has not ended. */
export interface BegunEncoder {
  readonly id: string;
  /** As it was asked for. */
  readonly revision: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** A row of the library: one of the study's encoders, or another that was added. */
export interface LibraryEntry {
  readonly id: string;
  readonly name: string;
  readonly published: PublishedEncoder | undefined;
  readonly added: AddedEncoder | undefined;
  readonly begun: BegunEncoder | undefined;
  /** On disk where it is at hand, else of the weights as they follow from the shape. */
  readonly bytes: number;
  readonly parameters: number | undefined;
  readonly licence: string | undefined;
}

/** The nine encoders of the study, then what else was added or begun. */
export function libraryEntries(
  added: readonly AddedEncoder[],
  begun: readonly BegunEncoder[] = [],
): LibraryEntry[] {
  const known = new Set(PUBLISHED_ENCODERS.map(({ id }) => id));
  const others = new Set([...added, ...begun].map(({ id }) => id).filter((id) => !known.has(id)));
  const at = (id: string): Pick<LibraryEntry, 'added' | 'begun'> => ({
    added: added.find((one) => one.id === id),
    begun: begun.find((one) => one.id === id),
  });
  return [
    ...PUBLISHED_ENCODERS.map((published) => publishedEntry(published, at(published.id))),
    ...[...others].map((id) => otherEntry(id, at(id))),
  ];
}

type State = Pick<LibraryEntry, 'added' | 'begun'>;

function publishedEntry(published: PublishedEncoder, state: State): LibraryEntry {
  const { id, name, shape, licence } = published;
  return {
    ...{ id, name, published, ...state },
    bytes: state.added?.bytes ?? weightBytes(shape),
    parameters: parameterCount(shape),
    licence: licence ?? state.added?.licence,
  };
}

function otherEntry(id: string, state: State): LibraryEntry {
  const { added, begun } = state;
  const bytes = added?.bytes ?? begun?.totalBytes ?? 0;
  return {
    id,
    name: id,
    published: undefined,
    ...state,
    bytes,
    parameters: undefined,
    licence: added?.licence,
  };
}
