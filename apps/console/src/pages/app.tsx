import { useEffect, useState } from 'preact/hooks';
import { get, remove, SIGNED_OUT } from './api.ts';
import { ArticlePage } from './article.tsx';
import { ArticlesPage } from './articles.tsx';
import { CataloguePage } from './catalogue.tsx';
import { ForeignPage } from './foreign.tsx';
import { HeldPage } from './held.tsx';
import { InboundOne, InboundPage } from './inbound.tsx';
import { live, useLiveUp } from './live.ts';
import { OrderPage } from './order.tsx';
import { OrdersPage } from './orders.tsx';
import { OverviewPage } from './overview.tsx';
import { ParkedPage } from './parked.tsx';
import { Title } from './parts.tsx';
import { Link, type Place, usePlace } from './router.tsx';
import { SignIn } from './sign-in.tsx';
import { StockPage } from './stock.tsx';

const pages = [
  { path: '/', name: 'Overview' },
  { path: '/orders', name: 'Orders' },
  { path: '/articles', name: 'Articles' },
  { path: '/catalogue', name: 'Catalogue' },
  { path: '/stock', name: 'Stock' },
  { path: '/inbound', name: 'Inbound' },
  { path: '/held', name: 'Held' },
  { path: '/parked', name: 'Parked' },
];

export function App() {
  const [signedIn, setSignedIn] = useState<boolean>();
  useEffect(() => {
    const signedOut = () => setSignedIn(false);
    addEventListener(SIGNED_OUT, signedOut);
    get<{ signedIn: boolean }>('/api/session').then(
      (session) => setSignedIn(session.signedIn),
      () => setSignedIn(false),
    );
    return () => removeEventListener(SIGNED_OUT, signedOut);
  }, []);
  useEffect(() => {
    if (signedIn) live.open();
    else live.close();
  }, [signedIn]);
  if (signedIn === undefined) return null;
  if (!signedIn) return <SignIn onSignedIn={() => setSignedIn(true)} />;
  return <Frame />;
}

async function signOut(): Promise<void> {
  await remove('/api/session').catch(() => undefined);
  dispatchEvent(new Event(SIGNED_OUT));
}

function Frame() {
  const place = usePlace();
  const up = useLiveUp();
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="top">
        <Link to="/" class="brand">
          Samlast
        </Link>
        <nav aria-label="Pages">
          {pages.map(({ path, name }) => (
            <Link key={path} to={path} current={isOn(place, path)}>
              {name}
            </Link>
          ))}
        </nav>
        <button class="plain" onClick={signOut}>
          Sign out
        </button>
      </header>
      {!up && (
        <p class="banner" role="status">
          Live updates are interrupted. The console is tried again by itself.
        </p>
      )}
      <main id="content" tabIndex={-1}>
        <Page place={place} />
      </main>
    </>
  );
}

const isOn = ({ path }: Place, page: string) =>
  page === '/' ? path === '/' : path === page || path.startsWith(`${page}/`);

function Page({ place }: { place: Place }) {
  const [, first = '', second, third] = place.path.split('/');
  const named = second === undefined ? undefined : decodeURIComponent(second);
  switch (first) {
    case '':
      return <OverviewPage />;
    case 'orders':
      return named ? <OrderPage key={named} number={named} /> : <OrdersPage query={place.query} />;
    case 'articles':
      return named ? <ArticlePage key={named} article={named} /> : <ArticlesPage query={place.query} />;
    case 'catalogue':
      return <CataloguePage query={place.query} />;
    case 'stock':
      return <StockPage />;
    case 'inbound':
      return named && third ? (
        <InboundOne key={third} kind={named} number={decodeURIComponent(third)} />
      ) : (
        <InboundPage query={place.query} />
      );
    case 'held':
      return <HeldPage />;
    case 'foreign':
      return <ForeignPage />;
    case 'parked':
      return <ParkedPage />;
    default:
      return <Title>There is no such page</Title>;
  }
}
