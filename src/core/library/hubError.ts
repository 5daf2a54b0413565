/** What may go wrong between here and a hub; a face that speaks another language words each itself. */
export type HubProblem =
  | 'offline'
  | 'proxy'
  | 'certificate'
  | 'denied'
  | 'gated'
  | 'token'
  | 'missing'
  | 'revision'
  | 'busy'
  | 'server'
  | 'cut'
  | 'checksum'
  | 'disk'
  | 'lock'
  | 'unusable';

/** An encoder could not be fetched: a sentence for a person, and its parts for a translation. */
export class HubError extends Error {
  constructor(
    readonly problem: HubProblem,
    message: string,
    /** Parts of the sentence: the id, the host, the file or the reason. */
    readonly parts: { readonly subject: string; readonly reason: string } = { subject: '', reason: '' },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HubError';
  }
}
