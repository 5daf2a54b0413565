import * as vscode from 'vscode';
import type { LibraryEntry } from '../../core/library/library';
import { shownBytes } from '../../core/library/transfer';
import type { TransferProgress } from '../../core/library/transfer';
import type { HubFailure } from '../../protocol/library';
import { refusalInWords } from '../refusal';
import { decimals, timeLeft } from '../experiments/words';

/** `1,23 GB` as the person writes numbers. */
export function size(bytes: number): string {
  const [number, unit] = shownBytes(bytes).split(' ') as [string, string];
  return `${decimals(Number(number), number.split('.')[1]?.length ?? 0)} ${unit}`;
}

/** What a row says beside the encoder's name. */
export function stateInWords({ added, begun, bytes }: LibraryEntry): string {
  if (begun) return vscode.l10n.t('begun, {0} %', percent(begun.doneBytes, begun.totalBytes));
  if (!added) return vscode.l10n.t('not fetched · about {0}', size(bytes));
  if (added.problem !== undefined) return vscode.l10n.t('damaged');
  return vscode.l10n.t('at hand · {0}', size(bytes));
}

function percent(done: number, total: number): number {
  return Math.floor((100 * done) / Math.max(1, total));
}

export function licenceInWords({ licence }: LibraryEntry): string {
  return licence ?? vscode.l10n.t('licence not stated');
}

/** `bert · 12 layers of 768 · 178 M parameters`. */
export function shapeInWords({ published, added, parameters }: LibraryEntry): string {
  const family = published?.shape.family ?? added?.family;
  const layers = published?.shape.layers ?? added?.layers;
  const hidden = published?.shape.hidden ?? added?.hiddenSize;
  return [
    ...(family ? [family] : []),
    ...(layers && hidden ? [vscode.l10n.t('{0} layers of {1}', layers, hidden)] : []),
    ...(parameters === undefined ? [] : [vscode.l10n.t('{0} M parameters', Math.round(parameters / 1e6))]),
  ].join(' · ');
}

/** `412 MB of 1.23 GB · 18 MB/s · about 45 s left`. */
export function transferInWords({
  doneBytes,
  totalBytes,
  bytesPerSecond,
  secondsLeft,
}: TransferProgress): string {
  return [
    vscode.l10n.t('{0} of {1}', size(doneBytes), size(totalBytes)),
    ...(bytesPerSecond === null ? [] : [`${size(bytesPerSecond)}/s`]),
    ...(secondsLeft === null ? [] : [timeLeft(1000 * secondsLeft)]),
  ].join(' · ');
}

/** Why an encoder could not be added and what to do, in the person's language. */
export function failureInWords({ problem, subject, reason }: HubFailure): string {
  switch (problem) {
    case 'offline':
      return vscode.l10n.t(
        '{0} cannot be reached ({1}). Check the network and the setting http.proxy, or name a mirror in anamnese.hub.endpoint. A folder can be added without a network.',
        subject,
        reason,
      );
    case 'proxy':
      return vscode.l10n.t(
        'The proxy lets nothing through to {0} ({1}). Check the settings http.proxy and http.proxyAuthorization.',
        subject,
        reason,
      );
    case 'certificate':
      return vscode.l10n.t(
        '{0}: the certificate that was shown is not trusted ({1}). Where a proxy of your network shows its own, name its issuer’s certificate in the environment variable NODE_EXTRA_CA_CERTS, or switch http.proxyStrictSSL off.',
        subject,
        reason,
      );
    case 'denied':
      return vscode.l10n.t(
        '{0}: there is no such model, or it is private. Check the name, or set a token that may read it.',
        subject,
      );
    case 'gated':
      return vscode.l10n.t(
        '{0}: its owners ask that their terms be accepted on its page. Accept them, then set that account’s token.',
        subject,
      );
    case 'token':
      return vscode.l10n.t(
        '{0} refuses the token, or is no address that a token may be sent to. Set another token, or take it away.',
        subject,
      );
    case 'missing':
      return vscode.l10n.t('{0}: there is no such model at {1}.', subject, reason);
    case 'revision':
      return vscode.l10n.t('{0}: there is no revision {1}.', subject, reason);
    case 'busy':
    case 'server':
      return vscode.l10n.t(
        'The hub does not answer as it should for {0} ({1}). Try again later, or name a mirror in anamnese.hub.endpoint.',
        subject,
        reason,
      );
    case 'cut':
      return vscode.l10n.t(
        'The connection was cut at {0} ({1}). What has come is kept: adding it again goes on from there.',
        subject,
        reason,
      );
    case 'checksum':
      return vscode.l10n.t(
        '{0}: what came is not what the hub promises, and was thrown away. Try again, or name another mirror.',
        subject,
      );
    case 'disk':
      return vscode.l10n.t(
        '{0}: there is no room, or it cannot be written ({1}). Free some space: adding it again goes on from what has come.',
        subject,
        reason,
      );
    case 'lock':
      return vscode.l10n.t('{0} is being fetched already, by another window perhaps.', subject);
    case 'unusable':
      return vscode.l10n.t('{0} cannot be used: {1}', subject, refusalInWords(reason));
  }
}
