/**
 * `round(value, digits)` as CPython does: to the nearest decimal of the exact binary value, ties to even.
 *
 * Gives a text that Python's `float` reads.
 */
export function roundDecimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (digits > 20) return value.toFixed(Math.min(100, digits));
  if (digits < 0) {
    const unit = 10 ** -digits;
    const quotient = value / unit;
    const down = Math.floor(quotient);
    const rest = quotient - down;
    const nearest = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
    return String(nearest * unit);
  }
  const exact = Math.abs(value);
  const fixed = exact.toFixed(digits);
  // Exact ties end in …5 in binary too: one more digit than asked, and nothing behind it.
  const isTie =
    exact < 1e15 &&
    Number(exact.toFixed(digits + 1)) === exact &&
    exact.toFixed(digits + 1).endsWith('5') &&
    isExact(exact, digits + 1);
  const even = isTie ? toEven(exact, digits) : fixed;
  return (value < 0 || Object.is(value, -0) ? '-' : '') + even;
}

/** Whether a value has no more than `digits` decimals in binary: then it is a sum of halves, quarters, … as far. */
function isExact(value: number, digits: number): boolean {
  return Number.isInteger(value * 2 ** digits);
}

function toEven(exact: number, digits: number): string {
  const longer = exact.toFixed(digits + 1);
  const lower = longer.slice(0, -1);
  const cut = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  const last = Number(cut.at(-1));
  if (last % 2 === 0) return cut;
  return exact.toFixed(digits);
}
