// How benchmarks of the editor print what they measured.

/** The head of a table of milliseconds. */
export function printHead() {
  console.log(`\n${'milliseconds'.padEnd(WIDTH)} median   worst     aim    runs`);
}

/** One measure: median and worst of its values beside its aim, where it has one. */
export function printRow(name, values, aim) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  const columns = [median.toFixed(1), sorted.at(-1).toFixed(1), aim ?? '', sorted.length];
  console.log(`${name.padEnd(WIDTH - 2)} ${columns.map((column) => String(column).padStart(8)).join('')}`);
}

const WIDTH = 60;
