export function thirdPartyNotices(outputs: readonly unknown[], packages?: readonly string[]): Promise<string>;
