export function findBrowser(): Promise<string>;
export const browserSwitches: string[];
