/** Writes a VS Code that trusts no workspace; `code` is one that is there, else one is downloaded. Returns its path. */
export function untrustingCode(code?: string): string;
