import { useState } from 'preact/hooks';
import type { AtRisk, SilentLeases, StockGate, StockNow } from '../look-up/shapes.ts';
import { Decide, type Decision } from './decide.tsx';
import { Loaded, Time, Title, Trouble } from './parts.tsx';
import { articlePath, Link, orderPath } from './router.tsx';
import { type Data, useData } from './use-data.ts';

const EVERY_MS = 5_000;

/** What the overview and this page ask: no topic tells of it. */
export const useStock = (): Data<StockNow> => useData<StockNow>('/api/stock', { everyMs: EVERY_MS });

/** Which figures are in doubt, who goes without, and whose pieces cannot be had back? */
export function StockPage() {
  const data = useStock();
  const [said, setSaid] = useState('');
  const done = (text: string) => {
    setSaid(text);
    data.reload();
  };
  return (
    <>
      <Title>Stock</Title>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {({ gate, atRisk, silent }) => (
          <>
            <section aria-labelledby="doubt">
              <h2 id="doubt">Figures in doubt</h2>
              {'problem' in gate ? <Trouble problem={gate.problem} /> : <Gate gate={gate} onDone={done} />}
            </section>
            <section aria-labelledby="risk">
              <h2 id="risk">Orders whose goods have vanished</h2>
              {'problem' in atRisk ? <Trouble problem={atRisk.problem} /> : <Risks {...atRisk} />}
            </section>
            <section aria-labelledby="silent">
              <h2 id="silent">Pieces of shops that cannot be reached</h2>
              {'problem' in silent ? (
                <Trouble problem={silent.problem} />
              ) : (
                <Silent {...silent} onDone={done} />
              )}
            </section>
          </>
        )}
      </Loaded>
    </>
  );
}

const DOUBTS: Record<NonNullable<StockGate['doubt']>, string> = {
  zeroed: 'It would leave nothing of too many articles',
  'page-missing': 'A page of it is missing',
  'list-shrunk': 'It lists far fewer articles than the one before',
};

const accept: Decision = {
  verb: 'Accept',
  what: 'the held figures',
  consequence:
    'They are true: everything is read at once, and what the warehouse says then counts, also where it is nothing.',
  path: '/api/stock/gate/accept',
  danger: true,
};
const discard: Decision = {
  verb: 'Discard',
  what: 'the held figures',
  consequence: 'They are wrong: everything is read at once, and judged by what was known before.',
  path: '/api/stock/gate/discard',
};

function Gate({ gate, onDone }: { gate: StockGate; onDone: (said: string) => void }) {
  if (gate.state === 'open') return <p class="quiet">None: the last stock reading was believed.</p>;
  return (
    <>
      <p>
        A stock reading is held
        {gate.heldAt && (
          <>
            {' '}
            since <Time at={gate.heldAt} />
          </>
        )}
        . {gate.doubt && `${DOUBTS[gate.doubt]}. `}
        Lower figures count at once, higher ones wait, and shops keep their numbers.
      </p>
      <p>
        {gate.state === 'differs' &&
          'A second reading says something else, so a person decides. Ask the warehouse. '}
        {gate.state === 'waiting' && (
          <>
            Everything is read again
            {gate.secondReadAt && (
              <>
                {' at '}
                <Time at={gate.secondReadAt} />
              </>
            )}
            ; if that says the same, it counts by itself. You need not do anything.{' '}
          </>
        )}
        {(gate.state === 'accepted' || gate.state === 'discarded') &&
          'Somebody has decided: it is being read.'}
      </p>
      <div class="buttons">
        <Decide decision={accept} onDone={onDone} />
        <Decide decision={discard} onDone={onDone} />
      </div>
      <HeldArticles gate={gate} />
    </>
  );
}

function HeldArticles({ gate: { count, articles } }: { gate: StockGate }) {
  if (count === 0) return null;
  return (
    <>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Article</th>
            <th scope="col" class="number">
              Before
            </th>
            <th scope="col" class="number">
              Held
            </th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {articles.map(({ article, sellable, sellableBefore, status, differs }) => (
            <tr key={article}>
              <th scope="row">
                <Link to={articlePath(article)}>{article}</Link>
              </th>
              <td class="number" data-label="Before">
                {sellableBefore}
              </td>
              <td class="number" data-label="Held">
                {sellable}
              </td>
              <td data-label="Note">
                {[differs && 'read differently the second time', status !== 'active' && status]
                  .filter(Boolean)
                  .join('; ') || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > articles.length && <p class="quiet">And {count - articles.length} more.</p>}
    </>
  );
}

function Risks({ orders }: AtRisk) {
  if (orders.length === 0) return <p class="quiet">None: what was promised is there.</p>;
  return (
    <>
      <p>
        They are on their way to the warehouse, which has fewer pieces than were promised. Order goods in, or
        tell the buyers; it clears by itself when pieces are found.
      </p>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Article</th>
            <th scope="col" class="number">
              Wanted
            </th>
            <th scope="col" class="number">
              Missing
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ number, article, wanted, missing }) => (
            <tr key={`${number} ${article}`}>
              <th scope="row">
                <Link to={orderPath(number)}>{number}</Link>
              </th>
              <td data-label="Article">
                <Link to={articlePath(article)}>{article}</Link>
              </td>
              <td class="number" data-label="Wanted">
                {wanted}
              </td>
              <td class="number" data-label="Missing">
                {missing}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const giveUpOf = (channel: string): Decision => ({
  verb: 'Give up',
  what: `the pieces of ${channel}`,
  consequence: `They go to the other shops. Only right when the shop of ${channel} sells no more: what it still sells may be short.`,
  path: `/api/stock/leases/${encodeURIComponent(channel)}/give-up`,
  danger: true,
});

function Silent({ channels, onDone }: SilentLeases & { onDone: (said: string) => void }) {
  if (channels.length === 0) return <p class="quiet">None: every shop that sells on lease is heard of.</p>;
  return (
    <ul class="cards">
      {channels.map(({ channel, articles, pieces }) => (
        <li key={channel} class="card">
          <div>
            <h3>{channel}</h3>
            <p>
              It is silent or paused, and may still sell {pieces} pieces of {articles}{' '}
              {articles === 1 ? 'article' : 'articles'} without asking. Nobody else is given these. Start its
              service again, and they come back by themselves.
            </p>
          </div>
          <div class="buttons">
            <Decide decision={giveUpOf(channel)} onDone={onDone} />
          </div>
        </li>
      ))}
    </ul>
  );
}
