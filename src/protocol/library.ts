import { NotificationType, RequestType } from 'vscode-jsonrpc/lib/common/messages';
import type { HubProblem } from '../core/library/hubError';
import type { LibraryEntry } from '../core/library/library';
import type { TransferProgress } from '../core/library/transfer';

/**
 * The contract with the processes that keep encoders for the editor: one that reads what is there, and one for each that
 * is added, so that nothing is fetched or verified on the extension host. `library` is the folder they are kept in.
 */
export interface LibraryPlace {
  readonly library: string;
}

/** The nine encoders of the study and what else was added or begun. */
export const readEncoders = new RequestType<LibraryPlace, readonly LibraryEntry[], void>('library/read');

/** Deletes an encoder, or what came of one. */
export const removeEncoder = new RequestType<LibraryPlace & { readonly id: string }, null, void>(
  'library/remove',
);

/** A folder to copy, or an id to fetch. A token and what authorizes at a proxy are only ever said in this message. */
export type AddOrder = LibraryPlace &
  (
    | { readonly kind: 'folder'; readonly folder: string }
    | {
        readonly kind: 'hub';
        readonly id: string;
        readonly revision?: string;
        readonly endpoint?: string;
        readonly token?: string;
        readonly proxy?: string;
        readonly proxyAuthorization?: string;
        readonly noProxy?: string;
        readonly strictTls?: boolean;
      }
  );

/** The folder that the encoder has now, and how many bytes came. */
export interface Added {
  readonly folder: string;
  readonly fetchedBytes: number;
}

/** What a refusal says besides its English sentence. */
export interface HubFailure {
  readonly problem: HubProblem;
  readonly subject: string;
  readonly reason: string;
}

export const addEncoder = new RequestType<AddOrder, Added, HubFailure>('library/add');
export const addProgress = new NotificationType<TransferProgress>('library/progress');
