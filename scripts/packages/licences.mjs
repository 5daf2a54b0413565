// The licences of what others wrote and a package contains, from esbuild's account of its bundles.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../shell.mjs';

/** Texts of licences for packages that name theirs and carry no file of it, and the notices of the runtime. */
const TEXTS = path.join(root, 'licences');

/**
 * The notices for bundles (as esbuild accounts for them) and further packages (folders), as text: each package's name,
 * version, licence and its text. One whose licence cannot be told, or has no text here, is an error: it may not be
 * passed on unread.
 * @param {import('esbuild').Metafile['outputs'][string][]} outputs
 */
export async function thirdPartyNotices(outputs, packages = []) {
  const inputs = [...new Set(outputs.flatMap(usedInputs))];
  const folders = new Set([...inputs.map(packageFolder).filter(Boolean), ...packages]);
  const notices = await Promise.all([...folders].map(packageNotice));
  const own = await Promise.all(inputs.filter((file) => !packageFolder(file)).map(fileNotice));
  const all = [...new Set([...notices, ...own.filter(Boolean)])].sort((a, b) => a.localeCompare(b, 'en'));
  return [HEAD, ...all].join(`\n${'-'.repeat(80)}\n\n`);
}

const HEAD = `Third-party notices

Anamnese contains the work of others, listed here with their licences.
`;

/** What a bundle holds of its inputs: those of which nothing is left are not passed on, and what a build makes up is no file. */
function usedInputs({ inputs }) {
  return Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 && !isMadeUp(file) ? [file] : [],
  );
}

/** esbuild names what a plugin wrote by a namespace and a colon. */
const isMadeUp = (file) => /^[\w-]+:/.test(file);

/** The folder of the package that a file belongs to; undefined for the project's own. */
function packageFolder(file) {
  const [folder] = file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];
  return folder && path.resolve(root, folder);
}

async function packageNotice(folder) {
  const { name, version, license, author, repository } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  );
  if (typeof license !== 'string') throw new Error(`${folder}/package.json names no licence`);
  const by = author?.name ?? author ?? '';
  const from = repository?.url ?? repository ?? '';
  const head = [`${name} ${version}`, `Licence: ${license}`, by, from].filter(Boolean).join('\n');
  return `${head}\n\n${(await packageTexts(folder, name, license)).join('\n\n')}\n`;
}

/** The package's own files; where it has none, those that this project keeps for it, or the standard texts. */
async function packageTexts(folder, name, license) {
  const kept = path.join(TEXTS, name);
  for (const place of [folder, kept]) {
    const files = existsSync(place) ? readdirSync(place).filter(isLicence).sort() : [];
    if (files.length > 0) return Promise.all(files.map((file) => trimmed(path.join(place, file))));
  }
  return Promise.all(standardNames(license).map((id) => standardText(id, `${folder}/package.json`)));
}

const isLicence = (file) => /^(licen[cs]e|copying|notices?|copyright|third-?party-?notices)/i.test(file);

/** A source file that was generated from another project's says so in its head. */
async function fileNotice(file) {
  const text = await readFile(path.resolve(root, file), 'utf8');
  const [, license] = text.slice(0, 500).match(/SPDX-License-Identifier: (\S+)/) ?? [];
  const [, source] = text.slice(0, 500).match(/@generated from file (\S+)/) ?? [];
  if (!license) return undefined;
  return `${source ?? file}\nLicence: ${license}\n\n${await standardText(license, file)}\n`;
}

function standardNames(license) {
  return license
    .replaceAll(/[()]/g, '')
    .split(/ AND | OR /)
    .map((id) => id.trim());
}

function standardText(id, where) {
  const file = path.join(TEXTS, `${id}.txt`);
  if (!existsSync(file))
    throw new Error(`${where}: its licence ${id} has no text here: put it into licences/${id}.txt`);
  return trimmed(file);
}

const trimmed = async (file) => (await readFile(file, 'utf8')).replaceAll('\r', '').trim();
