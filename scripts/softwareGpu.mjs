// What tests of WebGPU need on a machine without a graphics processor: SwiftShader, which Debian's chromium brings, and
// the loader that finds it. Where they cannot be had, those tests are left out and say so.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { hasApt, installByApt } from './apt.mjs';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Installs by apt, as root, what is missing. */
export async function installSoftwareGpu() {
  if (process.platform !== 'linux' || !hasApt()) return;
  const missing = [
    ...(existsSync(DRIVER) ? [] : ['chromium', 'fonts-dejavu-core']),
    ...(hasVulkan() ? [] : ['libvulkan1']),
  ];
  if (missing.length > 0) await installByApt(...missing);
}

function hasVulkan() {
  const folders = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  return folders.some((name) => existsSync(path.join('/usr/lib', name, 'libvulkan.so.1')));
}
