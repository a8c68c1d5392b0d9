/**
 * Lets this process believe that it is so much later, or earlier where the number is below 0, until the function that
 * it gives back is called. Timers run on as before.
 */
export function jumpClock(byMs: number): () => void {
  const Real = globalThis.Date;
  class Jumped extends Real {
    constructor(...of: [] | [number | string | Date]) {
      if (of.length === 0) super(Real.now() + byMs);
      else super(...of);
    }

    static override now(): number {
      return Real.now() + byMs;
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Real;
    }
  }
  globalThis.Date = Jumped as unknown as DateConstructor;
  return () => {
    globalThis.Date = Real;
  };
}
