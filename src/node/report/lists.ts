/** Distinct values in order of first appearance, each known by its place. */
export class Lists<Value> {
  readonly all: Value[] = [];
  private readonly places = new Map<string, number>();

  place(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}
