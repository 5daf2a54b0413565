import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Why no cluster can be started here, or undefined. */
export function missingForCluster(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux';
  if (process.getuid?.() !== 0) return 'a cluster of its own needs root';
  const commands = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol'];
  const missing = commands.filter((name) => spawnSync('which', [name]).status !== 0);
  return missing.length === 0 ? undefined : `no ${missing.join(', ')}: install Debian's slurm-wlm and munge`;
}

/** A Slurm of one node, with everything of its own in one folder: keys, sockets, ports, state. */
export class Cluster {
  private constructor(
    private readonly folder: string,
    /** What commands of Slurm, and those that call them, need. */
    readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(cpus: number): Promise<Cluster> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-slurm-'));
    // The daemon that signs messages gives its socket to all users, or to nobody.
    chmodSync(folder, 0o755);
    const conf = path.join(folder, 'slurm.conf');
    const cluster = new Cluster(folder, { ...process.env, SLURM_CONF: conf });
    for (const name of ['state', 'spool']) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, 'key'), randomBytes(128), { mode: 0o600 });
    writeFileSync(conf, configuration(folder, cpus, await freePort(), await freePort()));
    try {
      cluster.startDaemons();
      await cluster.until('idle', () => cluster.run('sinfo', '--noheader', '--format=%T').includes('idle'));
      return cluster;
    } catch (error) {
      const log = path.join(folder, 'slurmctld.log');
      const words = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : '';
      await cluster.stop();
      throw new Error(`no cluster: ${(error as Error).message}\n${words}`, { cause: error });
    }
  }

  private startDaemons(): void {
    const at = (name: string): string => path.join(this.folder, name);
    const own = ['socket', 'key-file', 'pid-file', 'log-file', 'seed-file'];
    const files = ['munge.sock', 'key', 'munged.pid', 'munged.log', 'seed'];
    execFileSync(
      'munged',
      own.map((option, i) => `--${option}=${at(files[i]!)}`),
      { stdio: 'pipe' },
    );
    for (const daemon of ['slurmctld', 'slurmd'])
      execFileSync(daemon, ['-L', at(`${daemon}.log`)], { env: this.env, stdio: 'ignore' });
  }

  run(command: string, ...args: string[]): string {
    return execFileSync(command, args, {
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Waits for something to become true. */
  async until(what: string, isTrue: () => boolean, seconds = 60): Promise<void> {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end; await setTimeout(100)) {
      try {
        if (isTrue()) return;
      } catch {
        // A daemon that starts answers with errors.
      }
    }
    throw new Error(`${what}: not within ${seconds} s`);
  }

  /** Tasks that wait, run or are being cleared away. */
  queue(): string[] {
    return this.run('squeue', '--noheader', '--array', '--format=%i %T').split('\n').filter(Boolean);
  }

  /** Ends all jobs and the daemons, by their own numbers. */
  async stop(): Promise<void> {
    try {
      this.run('scancel', '--user=root');
      await this.until('an empty queue', () => this.queue().length === 0, 15).catch(() => undefined);
    } catch {
      // Nothing runs where nothing started.
    }
    for (const name of ['slurmd.pid', 'slurmctld.pid', 'munged.pid']) await this.end(name);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private async end(name: string): Promise<void> {
    const file = path.join(this.folder, name);
    if (!existsSync(file)) return;
    const pid = Number(readFileSync(file, 'utf8'));
    if (!(pid > 1) || !isAlive(pid)) return;
    process.kill(pid, 'SIGTERM');
    await this.until(`the end of ${name}`, () => !isAlive(pid), 15).catch(() => process.kill(pid, 'SIGKILL'));
  }
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function configuration(folder: string, cpus: number, control: number, node: number): string {
  const at = (name: string): string => path.join(folder, name);
  const host = os.hostname().split('.')[0]!;
  const values = {
    ClusterName: 'test',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmUser: 'root',
    AuthType: 'auth/munge',
    AuthInfo: `socket=${at('munge.sock')}`,
    SlurmctldPort: control,
    SlurmdPort: node,
    StateSaveLocation: at('state'),
    SlurmdSpoolDir: at('spool'),
    SlurmctldPidFile: at('slurmctld.pid'),
    SlurmdPidFile: at('slurmd.pid'),
    // Neither needs control groups, which containers do not have.
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
    SlurmdParameters: 'config_overrides',
    ReturnToService: 2,
    MpiDefault: 'none',
    KillWait: 3,
    SchedulerParameters: 'batch_sched_delay=0,sched_min_interval=0',
  };
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return [
    ...lines,
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=1000 State=UNKNOWN`,
    'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    }),
  );
}
