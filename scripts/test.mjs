// npm test: everything that can fail, on a fresh machine too. Ends with `N passed, N failed`.
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { installSoftwareGpu } from './softwareGpu.mjs';
import { installSlurm } from './slurm.mjs';
import { artifacts, installPackages, root, run } from './shell.mjs';

const only = process.argv.slice(2);
const node = process.execPath;
const bin = (name) => path.join(root, 'node_modules', ...name.split('/'));

/** A check passes or fails as a whole; a suite counts its tests in the JSON report that it writes. */
const checks = [
  { name: 'types', command: [node, bin('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'types', command: [node, bin('typescript/bin/tsc'), '-p', 'webview'] },
  { name: 'lint', command: [node, bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'] },
  {
    name: 'format',
    command: [node, bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  },
];
const suites = [
  { name: 'unit', command: [node, bin('mocha/bin/mocha.js'), '--config', 'test/.mocharc.json'] },
  { name: 'host', command: [node, 'scripts/testHost.mjs'] },
  { name: 'ui', command: [node, bin('mocha/bin/mocha.js'), '--config', 'test/ui/.mocharc.json'] },
  { name: 'packages', command: [node, bin('mocha/bin/mocha.js'), '--config', 'test/packages/.mocharc.json'] },
];

await installPackages();
await mkdir(artifacts, { recursive: true });
await run(node, ['esbuild.mjs']);
const count = { passed: 0, failed: 0 };
for (const { name, command } of chosen(checks)) {
  const passed = await succeeds(name, command);
  count[passed ? 'passed' : 'failed']++;
}
if (chosen(suites).some(({ name }) => name === 'unit')) {
  await installSoftwareGpu();
  await installSlurm();
}
for (const { name, command } of chosen(suites)) await runSuite(name, command);
console.log(`\n${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;

function chosen(all) {
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}

async function succeeds(name, [command, ...args], env = process.env) {
  console.log(`\n== ${name}`);
  return run(command, args, { env }).then(
    () => true,
    (error) => (console.error(error.message.split('\n')[0]), false),
  );
}

async function runSuite(name, command) {
  const report = path.join(artifacts, `${name}.json`);
  await rm(report, { force: true });
  const passed = await succeeds(name, command, { ...process.env, ANAMNESE_REPORT: report });
  const counted = await readFile(report, 'utf8').then(JSON.parse, () => ({ passed: 0, failed: 0 }));
  count.passed += counted.passed;
  count.failed += counted.failed;
  // A suite that fails without naming a test, or runs none, is a failure too.
  if ((!passed && counted.failed === 0) || counted.passed + counted.failed === 0) count.failed++;
}
