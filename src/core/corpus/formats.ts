import { isArgillaRecord, readArgilla, writeArgilla } from './argilla';
import { readBrat } from './brat';
import { writeBrat } from './bratWriter';
import { readConll } from './conll';
import { writeConll } from './conllWriter';
import type { Companions, TextFile } from './corpusFile';
import type { CorpusDocument, ReadResult } from './document';
import { isDoccanoRecord, readDoccano, writeDoccano } from './doccano';
import { isLabelStudioTask, readLabelStudio, writeLabelStudio } from './labelStudio';
import { readMarkedNotes } from './markedNotes';
import { readPlainNote } from './plainNotes';
import { isPredictionRecord, readPredictions, writePredictions } from './predictions';
import { isProdigyRecord, readProdigy, writeProdigy } from './prodigy';
import { readSemClinBr } from './semClinBr';
import { writeSemClinBr } from './semClinBrWriter';
import { isStudyRecord, readStudyRecords, writeStudyRecords } from './studyRecords';
import type { WriteResult } from './written';

type Write = (
  documents: readonly CorpusDocument[],
  fileName: (document: CorpusDocument) => string,
) => WriteResult;

/** A corpus format: its reader, and its writer where it has one. */
export interface CorpusFormat {
  readonly read: (file: TextFile, companions: Companions) => ReadResult;
  readonly write?: Write;
  /** Whether a JSON record looks like one of this format; for the JSON formats, most particular first. */
  readonly isRecord?: (value: object) => boolean;
}

/** Every format, by the name it has on the command line. */
export const FORMATS = {
  labelstudio: { read: readLabelStudio, write: writeLabelStudio, isRecord: isLabelStudioTask },
  argilla: { read: readArgilla, write: writeArgilla, isRecord: isArgillaRecord },
  predictions: { read: readPredictions, write: writePredictions, isRecord: isPredictionRecord },
  study: { read: readStudyRecords, write: writeStudyRecords, isRecord: isStudyRecord },
  prodigy: { read: readProdigy, write: writeProdigy, isRecord: isProdigyRecord },
  doccano: { read: readDoccano, write: writeDoccano, isRecord: isDoccanoRecord },
  semclinbr: { read: readSemClinBr, write: writeSemClinBr },
  brat: { read: readBrat, write: writeBrat },
  conll: { read: readConll, write: (documents) => writeConll(documents, 'IOB2') },
  'conll-iob1': { read: readConll, write: (documents) => writeConll(documents, 'IOB1') },
  'conll-bioes': { read: readConll, write: (documents) => writeConll(documents, 'BIOES') },
  markup: { read: readMarkedNotes },
  plain: { read: readPlainNote },
} as const satisfies Readonly<Record<string, CorpusFormat>>;

export type FormatName = keyof typeof FORMATS;

/** The formats that can be read, and those that can be written. */
export const READABLE = Object.keys(FORMATS) as FormatName[];
export const WRITABLE = READABLE.filter((name) => 'write' in FORMATS[name]);

export function formatOf(name: FormatName): CorpusFormat {
  return FORMATS[name];
}
