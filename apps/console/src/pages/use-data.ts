import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Changes } from '../live/changes.ts';
import { get, Problem } from './api.ts';
import { live } from './live.ts';

/** A burst of changes is one reason to read again. */
const GATHER_MS = 120;

export interface Data<T> {
  value?: T;
  problem?: Problem;
  reload: () => void;
}

interface Freshness {
  /** Which changes are a reason to read again. */
  when?: (changes: Changes) => boolean;
  /** For what no topic tells: read again every so many milliseconds while the page is looked at. */
  everyMs?: number;
}

/** Reads from the console and stays fresh. The value on the page remains while it is read again. */
export function useData<T>(path: string, { when, everyMs }: Freshness = {}): Data<T> {
  const [shown, setShown] = useState<{ path: string; value?: T; problem?: Problem }>({ path });
  const newest = useRef(0);
  const concerned = useRef(when);
  concerned.current = when;

  const reload = useCallback(() => {
    const mine = ++newest.current;
    get<T>(path).then(
      (value) => mine === newest.current && setShown({ path, value }),
      (problem: Problem) => {
        if (mine !== newest.current) return;
        setShown((old) => ({ path, value: old.path === path ? old.value : undefined, problem }));
      },
    );
  }, [path]);

  useEffect(reload, [reload]);
  useEffect(() => {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const stop = live.listen((changes) => {
      if (gathering || !(changes.many || concerned.current?.(changes))) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        reload();
      }, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(gathering);
    };
  }, [reload]);
  useEffect(() => {
    if (!everyMs) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);

  const current = shown.path === path ? shown : { path };
  return { value: current.value, problem: current.problem, reload };
}
