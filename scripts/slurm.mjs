// The cluster that tests of `--slurm` start: Slurm on this one machine, from Debian's packages.
import { hasApt, installByApt } from './apt.mjs';
import { which } from './shell.mjs';

/** Installs by apt, as root, what is missing. */
export async function installSlurm() {
  if (process.platform !== 'linux' || !hasApt()) return;
  if (!which('slurmctld') || !which('slurmd') || !which('sbatch') || !which('munged'))
    await installByApt('slurm-wlm', 'slurm-client', 'munge');
}
