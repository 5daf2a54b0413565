export function runtimeTargets(): Promise<string[]>;
export function readTargets(...fallback: string[]): Promise<string[]>;
export function runtimePackages(): Promise<string[]>;
export function copyRuntime(target: string, folder: string): Promise<void>;
