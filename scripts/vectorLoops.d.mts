/** The module in WebAssembly's binary format. */
export function assembled(): Promise<Uint8Array>;
