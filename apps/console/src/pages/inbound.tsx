import { useState } from 'preact/hooks';
import type { InboundDetail, InboundRow } from '../look-up/shapes.ts';
import { Decide, sendInboundAgainOf } from './decide.tsx';
import { address } from './orders.tsx';
import { Loaded, Search, Time, Title } from './parts.tsx';
import { go, inboundPath, Link } from './router.tsx';
import { useData } from './use-data.ts';

const kinds: Record<string, string> = { 'purchase-order': 'Purchase order', return: 'Return' };

const states: Record<string, { words: string; look: string }> = {
  placed: { words: 'On its way to the warehouse', look: 'placed' },
  expected: { words: 'Expected', look: 'in-warehouse' },
  refused: { words: 'Refused', look: 'refused' },
  coming: { words: 'Coming in', look: 'in-warehouse' },
  received: { words: 'Received', look: 'shipped' },
  deviating: { words: 'Received, not as ordered', look: 'backordered' },
  cancelled: { words: 'Cancelled', look: 'cancelled' },
};

function State({ state }: { state: string }) {
  const { words, look } = states[state] ?? { words: state, look: 'placed' };
  return <span class={`state state-${look}`}>{words}</span>;
}

/** Which goods are to come in, and which of them has this number? */
export function InboundPage({ query }: { query: URLSearchParams }) {
  const search = query.get('search') ?? '';
  const data = useData<{ inbound: InboundRow[] }>(address('/api/inbound', { search: search.trim() }), {
    when: (changes) => (changes.inbound ?? []).length > 0,
  });
  return (
    <>
      <Title>Inbound</Title>
      <div class="filters">
        <Search
          label="Find a purchase order or a return"
          hint="PO-900 or PO-900-ERP"
          value={search}
          onSearch={(text) => go(address('/inbound', { search: text }), { replace: true })}
        />
      </div>
      <Loaded data={data}>
        {({ inbound }) =>
          inbound.length === 0 ? (
            <p class="quiet">{search ? `Nothing begins with ${search}.` : 'Nothing is announced yet.'}</p>
          ) : (
            <Rows inbound={inbound} />
          )
        }
      </Loaded>
    </>
  );
}

function Rows({ inbound }: { inbound: InboundRow[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Where it stands</th>
          <th scope="col">Kind</th>
          <th scope="col">Channel</th>
          <th scope="col">First seen</th>
          <th scope="col">Last event</th>
        </tr>
      </thead>
      <tbody>
        {inbound.map((one) => (
          <tr key={`${one.kind} ${one.number}`}>
            <th scope="row">
              <Link to={inboundPath(one.kind, one.number)}>{one.number}</Link>
            </th>
            <td>
              <State state={one.state} />
            </td>
            <td data-label="Kind">{kinds[one.kind] ?? one.kind}</td>
            <td data-label="Channel">{one.channel}</td>
            <td data-label="First seen">
              <Time at={one.firstAt} />
            </td>
            <td data-label="Last event">
              <Time at={one.lastAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One announcement's way: what its system said, what the warehouse took, and what came. */
export function InboundOne({ kind, number }: { kind: string; number: string }) {
  const data = useData<InboundDetail>(`/api/inbound/${kind}/${encodeURIComponent(number)}`, {
    when: (changes) => (changes.inbound ?? []).includes(number),
  });
  const [said, setSaid] = useState('');
  return (
    <>
      <Title beside={data.value && <State state={data.value.state} />}>
        {`${kinds[kind] ?? kind} ${number}`}
      </Title>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {(one) => (
          <>
            {one.state === 'refused' && (
              <div class="buttons">
                <Decide decision={sendInboundAgainOf(kind, number)} onDone={setSaid} />
              </div>
            )}
            <Way one={one} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Way({ one }: { one: InboundDetail }) {
  const stops = [
    { station: 'shop', name: one.channel, quiet: 'Its placing was not seen' },
    { station: 'gateway', name: 'Gateway', quiet: 'Not here yet' },
    { station: 'warehouse', name: 'Warehouse', quiet: 'Nothing has come yet' },
  ];
  const furthest = stops.findLastIndex(({ station }) =>
    one.events.some((event) => event.station === station),
  );
  return (
    <section aria-labelledby="way">
      <h2 id="way">From announcement to shelf</h2>
      <ol class="way">
        {stops.map(({ station, name, quiet }, index) => {
          const events = one.events.filter((event) => event.station === station);
          const here = one.state === 'refused' ? 'stuck' : 'here';
          return (
            <li key={station} class={index > furthest ? 'ahead' : index < furthest ? 'passed' : here}>
              <h3>{name}</h3>
              {events.length === 0 && <p class="quiet">{quiet}</p>}
              <ol>
                {events.map((event) => (
                  <li key={event.id}>
                    <Time at={event.at} />
                    <span title={`${event.type}, from ${event.source}`}>{event.text}</span>
                  </li>
                ))}
              </ol>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
