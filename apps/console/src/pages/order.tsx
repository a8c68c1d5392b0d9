import { useState } from 'preact/hooks';
import type { OrderDetail } from '../look-up/shapes.ts';
import { Decide, rejectOf, releaseOf, sendAgainOf } from './decide.tsx';
import { Loaded, State, Time, Title } from './parts.tsx';
import { articlePath, Link } from './router.tsx';
import { useData } from './use-data.ts';
import { Way } from './way.tsx';

/** Where is this order, what happened to it, and what does it wait for? */
export function OrderPage({ number }: { number: string }) {
  const data = useData<OrderDetail>(`/api/orders/${encodeURIComponent(number)}`, {
    when: (changes) => changes.orders.includes(number),
  });
  const [said, setSaid] = useState('');
  return (
    <>
      <Title beside={data.value && <State state={data.value.state} />}>{number}</Title>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {(order) => (
          <>
            <p class="quiet">{summary(order)}</p>
            <Decisions order={order} onDone={setSaid} />
            <div class="columns">
              <Way order={order} />
              <Lines order={order} />
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function summary(order: OrderDetail): string {
  const parts = [`${order.channel}'s order ${order.shopNumber}`];
  if (order.orderType) parts.push(order.orderType);
  if (order.revision > 1) parts.push(`revision ${order.revision}`);
  if (order.wmsOrderId !== undefined) parts.push(`order ${order.wmsOrderId} in the warehouse`);
  if (order.cancelAsked) parts.push('a cancel is asked for');
  return parts.join(' · ');
}

interface DecisionsProps {
  order: OrderDetail;
  onDone: (said: string) => void;
}

/** What a person can decide about the order, where it is a person's turn. */
function Decisions({ order, onDone }: DecisionsProps) {
  const { number, state, since, shortages, refusal } = order;
  if (!['held', 'backordered', 'waiting', 'refused'].includes(state)) return null;
  return (
    <section class="attention" aria-label="To decide">
      <p>
        {state === 'held' && 'Held'}
        {state === 'backordered' && 'Back-ordered'}
        {state === 'waiting' && 'Waiting for the next stock reading'}
        {state === 'refused' && `Refused by the warehouse (${refusal ?? 'no reason given'})`} since{' '}
        <Time at={since} />.
      </p>
      {shortages.length > 0 && (
        <ul>
          {shortages.map((shortage) => (
            <li key={shortage.article}>{shortage.text}</li>
          ))}
        </ul>
      )}
      <div class="buttons">
        {state === 'refused' ? (
          <Decide decision={sendAgainOf(number)} onDone={onDone} />
        ) : (
          <Decide decision={releaseOf(number)} onDone={onDone} />
        )}
        <Decide decision={rejectOf(number)} onDone={onDone} />
      </div>
    </section>
  );
}

function Lines({ order }: { order: OrderDetail }) {
  if (order.lines.length === 0) return null;
  return (
    <section aria-labelledby="lines">
      <h2 id="lines">Lines</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Article</th>
            <th scope="col" class="number">
              Ordered
            </th>
            <th scope="col" class="number">
              Shipped
            </th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.row}>
              <th scope="row">
                <Link to={articlePath(line.article)}>{line.article}</Link>
                {line.name && <span class="note"> {line.name}</span>}
              </th>
              <td class="number" data-label="Ordered">
                {line.quantity}
              </td>
              <td class="number" data-label="Shipped">
                {line.picked ? line.shipped : 'not picked'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.parcels.length > 0 && <Parcels order={order} />}
    </section>
  );
}

function Parcels({ order }: { order: OrderDetail }) {
  return (
    <>
      <h2>Parcels</h2>
      <ul class="parcels">
        {order.parcels.map(({ parcel, carrier, trackingNumber, trackingUrl }) => (
          <li key={parcel}>
            {carrier ?? 'Parcel'}{' '}
            {trackingUrl && /^https?:/.test(trackingUrl) ? (
              <a href={trackingUrl} rel="noreferrer noopener" target="_blank">
                {trackingNumber ?? parcel}
              </a>
            ) : (
              <strong>{trackingNumber ?? parcel}</strong>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
