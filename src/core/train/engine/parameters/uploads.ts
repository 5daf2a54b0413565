import type { ResidentTensor } from '../../../ports';

/** Few numbers on a device, each vector brought there once: to bring one takes longer than to compute with it. */
export class Uploads {
  private readonly uploaded = new Map<string, ResidentTensor>();

  constructor(private readonly upload: (values: Float32Array) => Promise<ResidentTensor>) {}

  async of(values: Float32Array): Promise<ResidentTensor> {
    const known = this.uploaded.get(String(values)) ?? (await this.upload(values));
    this.uploaded.set(String(values), known);
    return known;
  }

  dispose(): void {
    for (const tensor of this.uploaded.values()) tensor.dispose();
  }
}
