import { execFileSync } from 'node:child_process';
import path from 'node:path';

const VERSIONS =
  'import torch, transformers; print("PyTorch", torch.__version__, "transformers", transformers.__version__)';

/** A Python that has PyTorch and transformers. */
export interface RivalPython {
  readonly program: string;
  readonly versions: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds a Python that has the rivals ($PYTHON, else python3), or installs them into `cache`.
 * @param threads of the rival; 0 leaves it its own
 */
export function findPython(root: string, cache: string, threads: number): RivalPython {
  const requirements = path.join(root, 'bench', 'rivals', 'requirements.txt');
  const { program, versions } =
    pythonWith(process.env.PYTHON ?? 'python3') ?? install(path.join(cache, 'rivals'), requirements);
  const limit = threads > 0 ? { OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) } : {};
  const env = { ...process.env, ...limit, TRANSFORMERS_VERBOSITY: 'error', HF_HUB_OFFLINE: '1' };
  return { program, versions, env };
}

function pythonWith(program: string): { program: string; versions: string } | undefined {
  try {
    const output = execFileSync(program, ['-c', VERSIONS], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { program, versions: output.trim() };
  } catch {
    return undefined;
  }
}

function install(folder: string, requirements: string): { program: string; versions: string } {
  const program = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const before = pythonWith(program);
  if (before) return before;
  console.log('Installing PyTorch and transformers into .cache/rivals …');
  execFileSync('python3', ['-m', 'venv', folder]);
  execFileSync(program, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'inherit' });
  return pythonWith(program)!;
}
