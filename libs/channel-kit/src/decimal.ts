/** A JSON number as a decimal text without exponent or trailing zeros. */
export function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
