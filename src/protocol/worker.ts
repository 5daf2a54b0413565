import { NotificationType, RequestType } from 'vscode-jsonrpc/lib/common/messages';
import type { Device, DeviceChoice, DeviceFailure, Precision } from '../core/ports';
import type { Edit } from '../core/text/edit';
import type { Entity, Span } from '../core/text/entity';

/**
 * The whole contract between the editor and the worker process that runs encoders.
 * A note is opened once and then edited, as in the Language Server Protocol: what travels grows with the change.
 * Versions are the editor's own; an answer names the version whose offsets it counts in.
 */

export interface LoadModel {
  /** An encoder folder. */
  readonly folder: string;
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  /** One threshold for every label, or null for the model's own. */
  readonly threshold: number | null;
}

export interface LoadedModel {
  readonly name: string;
  readonly labels: readonly string[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly device: Device;
  readonly precision: Precision;
  /** Devices that were not usable, so that the CPU stands in. */
  readonly failures: readonly DeviceFailure[];
  /** A sentence for a person where the encoder's files leave something open: see `casingDoubt`. */
  readonly doubt?: string | undefined;
}

export interface OpenNote {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  /** What a person sees of it; null while it is out of sight, where nothing is predicted. */
  readonly visible: Span | null;
}

export interface EditNote {
  readonly uri: string;
  readonly version: number;
  /** Each edit counts in the coordinates that the ones before it left. */
  readonly edits: readonly Edit[];
}

/** Entities that begin inside `range`, in the offsets of `version`; they replace all that began there before. */
export interface Predicted {
  readonly uri: string;
  readonly version: number;
  readonly range: Span;
  readonly entities: readonly Entity[];
  /** Windows of the note that still wait. */
  readonly remaining: number;
  /** What this answer took the encoder; 0 when it was known. */
  readonly milliseconds: number;
}

export const loadModel = new RequestType<LoadModel, LoadedModel, void>('model/load');

/** Answers with the thresholds now in force; open notes are told anew. */
export const setThreshold = new RequestType<
  { threshold: number | null },
  Pick<LoadedModel, 'thresholds'>,
  void
>('model/threshold');

export const openNote = new NotificationType<OpenNote>('note/open');
export const editNote = new NotificationType<EditNote>('note/edit');
/** What a person sees of a note is predicted first; of a note out of sight (null) nothing is. */
export const showNote = new NotificationType<{ uri: string; visible: Span | null }>('note/show');
export const closeNote = new NotificationType<{ uri: string }>('note/close');

export const predicted = new NotificationType<Predicted>('note/predicted');
/** Prediction of a note failed; the message is fit for a person and holds nothing of the note. */
export const failed = new NotificationType<{ uri: string; message: string }>('note/failed');
/** The device failed while it was running, and the CPU has taken over. */
export const fellBack = new NotificationType<{
  failure: DeviceFailure;
  device: Device;
  precision: Precision;
}>('model/fellBack');
