/** Double.toString: always with a point, and with an exponent below 1/1000 and from ten million on. */
export function javaDoubleText(value: number): string {
  return javaText(value, value.toExponential());
}

/**
 * Float.toString: as many digits as tell the value from other floats. Between two texts that are
 * equally near, from a million on, Java may choose the other one.
 */
export function javaFloatText(value: number): string {
  let digits = 0;
  while (digits < 9 && Math.fround(Number(value.toExponential(digits))) !== value) digits += 1;
  return javaText(value, value.toExponential(digits));
}

function javaText(value: number, scientific: string): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (value !== 0 && (magnitude < 1e-3 || magnitude >= 1e7)) {
    const [mantissa = '', exponent = ''] = scientific.split('e');
    return `${withPoint(mantissa)}E${Number(exponent)}`;
  }
  return Object.is(value, -0) ? '-0.0' : withPoint(String(Number(scientific)));
}

function withPoint(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`;
}
