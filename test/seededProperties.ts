import fc from 'fast-check';

// The same cases every run, so that a failure is the change's own; ANAMNESE_SEED=N looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.ANAMNESE_SEED ?? 2026) });
