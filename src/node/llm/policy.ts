import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { hostOf, isLoopback, isNamedHost } from '../../core/hosts';

/**
 * What the administrator of a machine allows, whoever uses it: `remote` is false where no note may leave the machine, or
 * the hosts that may read them.
 */
const policyFile = z.object({
  format: z.literal('anamnese-policy'),
  version: z.literal(1),
  remote: z.union([z.boolean(), z.array(z.string())]),
});

/** Where the policy lies: a place that only administrators can write. */
export function policyPath(platform: NodeJS.Platform = process.platform): string {
  // Not by %ProgramData%, which a user may set.
  if (platform === 'win32') return 'C:\\ProgramData\\Anamnese\\policy.json';
  if (platform === 'darwin') return '/Library/Application Support/Anamnese/policy.json';
  return '/etc/anamnese/policy.json';
}

/**
 * Asks the machine's policy before a note is sent anywhere but to this machine itself. Without a policy, its users decide.
 * @throws Error where it forbids that, or cannot be understood: then nothing is sent
 */
export async function checkPolicy(endpoint: string, file = policyPath()): Promise<void> {
  if (isLoopback(endpoint)) return;
  const remote = await readPolicy(file);
  const host = hostOf(endpoint);
  if (remote === true || (Array.isArray(remote) && remote.some((named) => isNamedHost(endpoint, named))))
    return;
  throw new Error(`${file}: the administrator of this machine does not allow notes to be sent to ${host}`);
}

/** The first host that the policy does not let notes be sent to; null where it lets them be sent to all endpoints. */
export async function firstForbidden(
  endpoints: readonly string[],
  file = policyPath(),
): Promise<{ readonly host: string; readonly policy: string } | null> {
  for (const endpoint of endpoints) {
    const allowed = await checkPolicy(endpoint, file).then(
      () => true,
      () => false,
    );
    if (!allowed) return { host: hostOf(endpoint), policy: file };
  }
  return null;
}

async function readPolicy(file: string): Promise<z.infer<typeof policyFile>['remote']> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new Error(`${file}: cannot be read (${error.code ?? error.message}): no note is sent`);
  });
  if (text === undefined) return true;
  try {
    return policyFile.parse(JSON.parse(text)).remote;
  } catch {
    throw new Error(`${file}: is no policy of Anamnese: no note is sent until it is mended`);
  }
}
