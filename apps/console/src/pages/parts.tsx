import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { OrderStateName } from '../follow-orders/fold.ts';
import type { Problem } from './api.ts';
import type { Data } from './use-data.ts';

export const stateWords: Record<OrderStateName, string> = {
  placed: 'Placed',
  waiting: 'Waiting for stock',
  held: 'Held',
  backordered: 'Back-ordered',
  reserved: 'Reserved',
  refused: 'Refused',
  'in-warehouse': 'In the warehouse',
  shipped: 'Shipped',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
};

/** What a channel tells its shop. */
export const callWords: Record<string, string> = {
  fulfil: 'a parcel',
  cancel: 'the cancel',
  note: 'a note',
  return: 'what came back',
};

export function State({ state }: { state: OrderStateName }) {
  return <span class={`state state-${state}`}>{stateWords[state]}</span>;
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** The time of day, with the date where it was not today. */
export function Time({ at }: { at: string }) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={full.format(date)}>
      {today ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`}
    </time>
  );
}

export function Trouble({ problem }: { problem: Problem | string }) {
  return (
    <p class="trouble" role="alert">
      {typeof problem === 'string' ? problem : problem.message}
    </p>
  );
}

/** What was read, or why not, or that it is being read. */
export function Loaded<T>({ data, children }: { data: Data<T>; children: (value: T) => ComponentChildren }) {
  return (
    <>
      {data.problem && <Trouble problem={data.problem} />}
      {data.value !== undefined && children(data.value)}
      {data.value === undefined && !data.problem && <p class="quiet">One moment …</p>}
    </>
  );
}

interface SearchProps {
  label: string;
  hint: string;
  value: string;
  onSearch: (text: string) => void;
}

/** The page's search field; the slash key leads into it from anywhere on the page. */
export function Search({ label, hint, value, onSearch }: SearchProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || target.matches('input, textarea, select'))
        return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  return (
    <label class="search">
      <span>{label}</span>
      <input
        ref={input}
        type="search"
        value={value}
        placeholder={hint}
        autoComplete="off"
        spellcheck={false}
        maxLength={100}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
    </label>
  );
}

/** A page's name, in the heading and in the browser's tab. */
export function Title({ children, beside }: { children: string; beside?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${children} · Samlast`;
  }, [children]);
  return (
    <header class="title">
      <h1 tabIndex={-1}>{children}</h1>
      {beside}
    </header>
  );
}
