// Debian packages that tests use where they can be had.
import { run, which } from './shell.mjs';

/** Whether apt is there, and may be used. */
export function hasApt() {
  return process.getuid?.() === 0 && which('apt-get') !== undefined;
}

/** Installs packages, or says why not. */
export async function installByApt(...packages) {
  console.log(`Installing ${packages.join(', ')} by apt …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env, quiet: true });
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    await run('apt-get', install, { env, quiet: true });
  } catch (error) {
    console.log(`apt could not install it: ${error.message.split('\n')[0]}`);
  }
}
