import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where browsers lie that bring SwiftShader, a graphics processor in software. */
const browsers = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  // Where @sparticuz/chromium unpacks itself.
  '/tmp',
];

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/** What a process needs in its environment to run WebGPU in software, or why that is not possible here. */
export function softwareVulkan(): { readonly env: NodeJS.ProcessEnv } | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: 'software Vulkan is only looked for on Linux' };
  const home = browsers.find((folder) => existsSync(path.join(folder, DRIVER)));
  if (!home) return { missing: `no browser with ${DRIVER}: install Debian's chromium` };
  const env = { ...process.env, VK_ICD_FILENAMES: path.join(home, DRIVER) };
  if (libraryFolders().some((folder) => existsSync(path.join(folder, LOADER)))) return { env };
  if (!existsSync(path.join(home, LOADER))) return { missing: `no ${LOADER}: install Debian's libvulkan1` };
  return { env: { ...env, LD_LIBRARY_PATH: home } };
}

function libraryFolders(): string[] {
  const named = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib'];
  const byArchitecture = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))
    : [];
  return [...named, ...byArchitecture.map((name) => `/usr/lib/${name}`)];
}
