import type { z } from 'zod';

/**
 * Whether a value is just what its schema makes of it: the schema takes it, adds nothing, drops nothing and puts its
 * members in the same order. False says nothing: ask the schema.
 */
export type Exact = (value: unknown) => boolean;

type Check = z.core.$ZodCheck;

/** A quick look for what comes by the thousand and is in order; it answers nothing that the schema would not. */
export function exactly(schema: z.core.$ZodType): Exact {
  const itself = ofType(schema);
  const checks = [...(schema._zod.def.checks ?? [])];
  // A format such as a date is a string and its own check.
  if (schema._zod.traits.has('$ZodCheck')) checks.unshift(schema as unknown as Check);
  return checks.map(passes).reduce(both, itself);
}

const both = (one: Exact, other: Exact) => (value: unknown) => one(value) && other(value);

function ofType(schema: z.core.$ZodType): Exact {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean': {
      const { type } = def;
      return (value) => typeof value === type;
    }
    case 'literal':
      return isOneOf(def.values);
    case 'enum':
      return isOneOf(Object.values(def.entries));
    case 'optional':
    case 'default':
      // What is absent never gets here; in JSON nothing is present and undefined.
      return exactly(def.innerType);
    case 'nullable': {
      const inner = exactly(def.innerType);
      return (value) => value === null || inner(value);
    }
    case 'array': {
      const element = exactly(def.element);
      return (value) => Array.isArray(value) && value.every(element);
    }
    case 'object':
      return ofObject(def);
    default:
      return () => false;
  }
}

function isOneOf(values: readonly unknown[]): Exact {
  const all = new Set(values);
  return (value) => all.has(value);
}

function ofObject({ shape, catchall }: z.core.$ZodObjectDef): Exact {
  const members = Object.entries(shape).map(([name, schema]) => ({
    name,
    fits: exactly(schema),
    // A default would be added.
    mayLack: (schema as z.core.$ZodTypes)._zod.def.type === 'optional',
  }));
  if (catchall && catchall._zod.def.type !== 'never') return () => false;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let at = 0;
    for (const name in value) {
      let member = members[at++];
      while (member !== undefined && member.name !== name) {
        if (!member.mayLack) return false;
        member = members[at++];
      }
      if (!member?.fits((value as Record<string, unknown>)[name])) return false;
    }
    for (; at < members.length; at += 1) if (!members[at]?.mayLack) return false;
    return true;
  };
}

function passes(check: Check): Exact {
  const def = check._zod.def as z.core.$ZodChecks['_zod']['def'];
  // Lengths and patterns are nearly all of them, and are looked at without what Zod needs to tell of a fault.
  if (def.check === 'max_length') return (value) => (value as string | unknown[]).length <= def.maximum;
  if (def.check === 'min_length') return (value) => (value as string | unknown[]).length >= def.minimum;
  if (def.check === 'string_format' && PLAIN.has(def.format) && def.pattern && !def.pattern.global) {
    const { pattern } = def;
    return (value) => pattern.test(value as string);
  }
  return (value) => {
    const payload = { value: value as never, issues: [] };
    const later = check._zod.check(payload);
    return !(later instanceof Promise) && payload.issues.length === 0 && payload.value === value;
  };
}

/** Formats that are nothing but their pattern. */
const PLAIN: ReadonlySet<string> = new Set(['regex', 'datetime', 'date']);
