import os from 'node:os';
import path from 'node:path';

/**
 * Where the command line keeps encoders: `$ANAMNESE_HOME/encoders`, else where the system keeps a person's data
 * (the XDG base directory specification on Linux).
 */
export function libraryFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = os.homedir(),
): string {
  return path.join(env['ANAMNESE_HOME'] || dataFolder(env, platform, home), 'encoders');
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local'), 'Anamnese');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Anamnese');
  const xdg = env['XDG_DATA_HOME'];
  // The specification has relative paths ignored.
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share'), 'anamnese');
}
