/** A matrix in eight bits, symmetric per row: value · scale. values [rows, columns], scales [rows]. */
export interface Int8Rows {
  readonly values: Int8Array<ArrayBuffer>;
  readonly scales: Float32Array<ArrayBuffer>;
}

/** Rounds each row to 255 steps that span its largest absolute value: what PyTorch makes of `(w / scale).round()`. */
export function quantiseRows(matrix: Float32Array, rows: number): Int8Rows {
  const result = { values: new Int8Array(matrix.length), scales: new Float32Array(rows) };
  quantiseInto(matrix, rows, result.values, result.scales);
  return result;
}

/** The same into `values` [rows, columns] and `scales` [rows]. */
export function quantiseInto(
  matrix: Float32Array,
  rows: number,
  values: Int8Array,
  scales: Float32Array,
): void {
  const columns = matrix.length / rows;
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * columns, (row + 1) * columns];
    const scale = Math.fround(largestMagnitude(matrix, start, end) / 127);
    scales[row] = scale;
    if (scale === 0) values.fill(0, start, end);
    else for (let i = start; i < end; i++) values[i] = roundHalfEven(Math.fround(matrix[i]! / scale));
  }
}

/** Back to single precision: [rows, columns]. */
export function dequantiseRows({ values, scales }: Int8Rows, rows: number): Float32Array<ArrayBuffer> {
  const columns = values.length / rows;
  const matrix = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const scale = scales[row]!;
    for (let i = row * columns; i < (row + 1) * columns; i++) matrix[i] = values[i]! * scale;
  }
  return matrix;
}

/** Copies a matrix [rows, columns] turned on its side into `target` [columns, width], its first row at `offset`. */
export function transposeInto(
  target: Uint8Array,
  width: number,
  offset: number,
  matrix: Int8Array,
  rows: number,
): void {
  const columns = matrix.length / rows;
  // In tiles that fit the cache; a matrix of thousands of columns would miss it at every element.
  for (let top = 0; top < rows; top += tile) {
    const bottom = Math.min(top + tile, rows);
    for (let left = 0; left < columns; left += tile) {
      const right = Math.min(left + tile, columns);
      for (let column = left; column < right; column++) {
        const to = column * width + offset;
        for (let row = top; row < bottom; row++) target[to + row] = matrix[row * columns + column]!;
      }
    }
  }
}

const tile = 64;

function largestMagnitude(values: Float32Array, start: number, end: number): number {
  let largest = 0;
  for (let i = start; i < end; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/** Adding and taking away 1.5 · 2^52 leaves no bits for a fraction: IEEE rounding, much faster than Math.round. */
function roundHalfEven(value: number): number {
  return value + 6_755_399_441_055_744 - 6_755_399_441_055_744;
}
