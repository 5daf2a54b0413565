import type { ChildProcess } from 'node:child_process';

export interface CodeServer {
  readonly authority: string;
  readonly profile: string;
  readonly child: ChildProcess;
  url(query: string): string;
  stop(): Promise<void>;
  log(): string;
}

export function installCodeServer(): Promise<{ node: string; entry: string }>;
export function startCodeServer(options?: {
  settings?: Record<string, unknown> | undefined;
  trust?: boolean | undefined;
  driver?: boolean;
  env?: Record<string, string>;
  extension?: string;
  besides?: readonly string[];
  vsix?: string;
}): Promise<CodeServer>;
export function workbenchUrl(
  server: CodeServer,
  what: { folder?: string | undefined; extension?: string; suite?: string; files?: readonly string[] },
): string;
