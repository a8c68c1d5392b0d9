import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const MOVED = 'samlast:moved';

export interface Place {
  path: string;
  query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** Shows another page without loading the document again. */
export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', address);
  else {
    history.pushState(null, '', address);
    scrollTo(0, 0);
  }
  dispatchEvent(new Event(MOVED));
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const moved = () => setPlace(here());
    addEventListener(MOVED, moved);
    addEventListener('popstate', moved);
    return () => {
      removeEventListener(MOVED, moved);
      removeEventListener('popstate', moved);
    };
  }, []);
  return place;
}

interface LinkProps {
  to: string;
  children: ComponentChildren;
  class?: string;
  current?: boolean;
}

/** A real link: it can be opened in another tab, copied and read out. */
export function Link({ to, children, class: name, current }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} class={name} onClick={follow} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}

export const orderPath = (number: string) => `/orders/${encodeURIComponent(number)}`;
export const articlePath = (article: string) => `/articles/${encodeURIComponent(article)}`;
export const inboundPath = (kind: string, number: string) => `/inbound/${kind}/${encodeURIComponent(number)}`;
