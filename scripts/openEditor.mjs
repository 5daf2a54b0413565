// Opens a VS Code with the extension.
import { startCodeServer, workbenchUrl } from './codeServer.mjs';
import { root, run, which } from './shell.mjs';

/** Shows a folder in the desktop's VS Code where there is one, else in one that is served until Ctrl-C. */
export async function openEditor(folder) {
  const desktop = which('code');
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (desktop && display) {
    console.log(`Opening ${folder} in VS Code …`);
    return run(desktop, ['--new-window', `--extensionDevelopmentPath=${root}`, folder]);
  }
  const server = await startCodeServer({ extension: root });
  console.log(`\nVS Code with Anamnese is served at\n\n  ${workbenchUrl(server, { folder })}\n`);
  console.log('Open a note there. Ctrl-C ends it.');
  const end = () => void server.stop().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  server.child.on('exit', () => process.exit(1));
}
