import { z } from 'zod';

// Tryton's JSON has objects for what JSON has no word for.
const pad = (number: number, length = 2) => String(number).padStart(length, '0');
const dateShape = { year: z.int(), month: z.int(), day: z.int() };
const dayOf = ({ year, month, day }: { year: number; month: number; day: number }) =>
  `${pad(year, 4)}-${pad(month)}-${pad(day)}`;

/** A day, as 2026-11-23. */
export const Day = z.object({ __class__: z.literal('date'), ...dateShape }).transform(dayOf);

/** A time, as ISO 8601 to the millisecond. Tryton keeps it without a zone, in UTC whatever its database counts in. */
export const Time = z
  .object({
    __class__: z.literal('datetime'),
    ...dateShape,
    hour: z.int(),
    minute: z.int(),
    second: z.int(),
    microsecond: z.int(),
  })
  .transform((time) => {
    const clock = [time.hour, time.minute, time.second].map((part) => pad(part)).join(':');
    return `${dayOf(time)}T${clock}.${pad(Math.floor(time.microsecond / 1000), 3)}Z`;
  });

/** An amount, with four decimals at most. */
export const Amount = z
  .object({ __class__: z.literal('Decimal'), decimal: z.string() })
  .transform(({ decimal }) =>
    Number(decimal)
      .toFixed(4)
      .replace(/\.?0+$/, ''),
  );

/** A time as Tryton takes it in a domain. */
export function timeOf(iso: string): object {
  const time = new Date(iso);
  return {
    __class__: 'datetime',
    year: time.getUTCFullYear(),
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
    microsecond: time.getUTCMilliseconds() * 1000,
  };
}

/** Names of fields, of a record or below a member of it. */
export const fieldsOf = (names: string, below = '') => names.split(' ').map((name) => below + name);

/** Fields of a related record come in a member whose name ends with a dot, beside its bare id. */
export function withoutDots(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDots);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value);
  const related = members
    .filter(([name]) => name.endsWith('.'))
    .map(([name, one]) => [name.slice(0, -1), withoutDots(one)] as const);
  return {
    ...Object.fromEntries(members.filter(([name]) => !name.endsWith('.'))),
    ...Object.fromEntries(related),
  };
}
