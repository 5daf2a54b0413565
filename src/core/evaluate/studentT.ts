/**
 * Two-sided p of Student's t: the chance of a value at least as far from 0. The regularised incomplete beta function
 * I_x(n/2, 1/2) with x = n / (n + t²) (Abramowitz & Stegun 26.7.1).
 * @param degrees of freedom, positive; whole but for Welch's test
 */
export function studentTwoSided(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? NaN : 0;
  return incompleteBeta(degrees / (degrees + t * t), (t * t) / (degrees + t * t), degrees / 2);
}

/** How far from 0 Student's t stays with a chance of `level`: the inverse of `studentTwoSided`, by bisection. */
export function studentQuantile(level: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTwoSided(high, degrees) > 1 - level) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, degrees) > 1 - level) low = middle;
    else high = middle;
  }
  return high;
}

/** I_x(a, 1/2), given y = 1 − x without the rounding that subtracting would bring. */
function incompleteBeta(x: number, y: number, a: number): number {
  const b = 0.5;
  if (x <= 0 || y <= 0) return x <= 0 ? 0 : 1;
  const front = x ** a * Math.sqrt(y) * gammaRatio(a);
  // The fraction converges fast below the mean of the distribution; above it, its mirror image does.
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(y, b, a)) / b;
}

/** Where the series below is exact to the last bits. */
const LARGE = 60;

/**
 * 1 / B(a, 1/2) = Γ(a + 1/2) / (Γ(a) Γ(1/2)), by recurrence: from a = 1/2 or 1 for multiples of 1/2, else from a large
 * argument, where Γ(a + 1/2) / Γ(a) is √a by a series in 1/a (Graham, Knuth & Patashnik, Concrete Mathematics, 9.60).
 */
function gammaRatio(a: number): number {
  if (Number.isInteger(2 * a)) {
    let at = Number.isInteger(a) ? 1 : 0.5;
    let ratio = at === 1 ? 0.5 : 1 / Math.PI;
    for (; at < a; at++) ratio *= (at + 0.5) / at;
    return ratio;
  }
  let [at, below] = [a, 1];
  for (; at < LARGE; at++) below *= at / (at + 0.5);
  const series =
    1 -
    1 / (8 * at) +
    1 / (128 * at ** 2) +
    5 / (1024 * at ** 3) -
    21 / (32768 * at ** 4) -
    399 / (262144 * at ** 5);
  return (below * Math.sqrt(at) * series) / Math.sqrt(Math.PI);
}

/** DLMF 8.17.22, evaluated by Lentz's method. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 1000; m++) {
    const before = value;
    for (const factor of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + factor * d);
      c = 1 + factor / c;
      value *= c * d;
    }
    if (Math.abs(value - before) <= 1e-16 * Math.abs(value)) break;
  }
  return value;
}
