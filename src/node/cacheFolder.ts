import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where Anamnese keeps what can be made again: `ANAMNESE_CACHE` where it is set, else the system's place for caches
 * (XDG_CACHE_HOME, ~/Library/Caches, %LOCALAPPDATA%).
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.ANAMNESE_CACHE) return env.ANAMNESE_CACHE;
  return path.join(systemCaches(env, platform), 'anamnese');
}

/** The XDG specification has paths that are not absolute ignored. */
function systemCaches(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const absolute = (folder: string | undefined) => (folder && path.isAbsolute(folder) ? folder : undefined);
  if (platform === 'win32') return absolute(env.LOCALAPPDATA) ?? path.join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches');
  return absolute(env.XDG_CACHE_HOME) ?? path.join(homedir(), '.cache');
}
