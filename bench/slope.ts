/** Least squares: what each of `between` adds. The first figure is left out: code is compiled until then. */
export function slope(figures: readonly number[], between: number): number {
  const points = figures.slice(1);
  const middle = (points.length - 1) / 2;
  const mean = points.reduce((sum, figure) => sum + figure, 0) / points.length;
  const covariance = points.reduce((sum, figure, at) => sum + (at - middle) * (figure - mean), 0);
  const variance = points.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return covariance / variance / between;
}
