import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { OrderStateName } from '../follow-orders/fold.ts';
import type { Station } from '../follow-orders/say.ts';
import type { OpenCall, OrderDetail, TimelineEvent, ToldNow } from '../look-up/shapes.ts';
import { Decide, rejectOf, releaseOf, sendAgainOf } from './decide.tsx';
import { callWords, Loaded, State, Time, Title } from './parts.tsx';
import { articlePath, Link } from './router.tsx';
import { useData } from './use-data.ts';

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
            {order.state === 'held' && <Held order={order} onDone={setSaid} />}
            {order.state === 'refused' && (
              <section class="attention" aria-label="Refused">
                <p>The warehouse refused it: {order.refusal}</p>
                <div class="buttons">
                  <Decide decision={sendAgainOf(order.number)} onDone={setSaid} />
                </div>
              </section>
            )}
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

function Held({ order, onDone }: { order: OrderDetail; onDone: (said: string) => void }) {
  return (
    <section class="attention" aria-label="Held">
      <p>
        Held since <Time at={order.since} />. A person decides.
      </p>
      <ul>
        {order.shortages.map((shortage) => (
          <li key={shortage.article}>{shortage.text}</li>
        ))}
      </ul>
      <div class="buttons">
        <Decide decision={releaseOf(order.number)} onDone={onDone} />
        <Decide decision={rejectOf(order.number)} onDone={onDone} />
      </div>
    </section>
  );
}

interface Stop {
  name: string;
  events: TimelineEvent[];
  /** Said where nothing has happened yet. */
  quiet: ComponentChildren;
}

const finished: readonly OrderStateName[] = ['cancelled', 'rejected'];

function stopsOf(order: OrderDetail): Stop[] {
  const at = (station: Station) => order.events.filter((event) => event.station === station);
  const over = finished.includes(order.state);
  const later = over ? 'Nothing more comes here' : 'Not here yet';
  return [
    { name: `Shop ${order.channel}`, events: at('shop'), quiet: 'Its placing was not seen' },
    { name: 'Stock authority', events: at('authority'), quiet: later },
    { name: 'Gateway', events: at('gateway'), quiet: later },
    { name: 'Warehouse', events: at('warehouse'), quiet: later },
    { name: `Back to shop ${order.channel}`, events: [], quiet: told(order) },
  ];
}

/** Whatever ends an order's way is told to its shop; no topic says that it was, so its channel is asked. */
function told(order: OrderDetail): ComponentChildren {
  if (order.parcels.length === 0 && !finished.includes(order.state)) return 'No parcel yet';
  return <Told order={order} />;
}

const TOLD_EVERY_MS = 4_000;

function Told({ order }: { order: OrderDetail }) {
  const path = `/api/channel-lists/told/${order.channel}/${encodeURIComponent(order.number)}`;
  const data = useData<ToldNow>(path, {
    everyMs: TOLD_EVERY_MS,
    when: ({ orders }) => orders.includes(order.number),
  });
  if (!data.value) return <>One moment …</>;
  const { problem, calls } = data.value;
  if (problem) return <>Unknown: {problem}</>;
  if (calls.length === 0) return <>Nothing is left to tell {order.channel}</>;
  return (
    <>
      {calls.map((call) => (
        <span key={call.id} class={call.state === 'parked' ? 'warn' : undefined}>
          {sayCall(call, order.channel)}
        </span>
      ))}
    </>
  );
}

function sayCall({ kind, state, tries, reason }: OpenCall, channel: string): string {
  const what = callWords[kind] ?? kind;
  if (state === 'parked') return `${channel} refused ${what}: ${reason ?? 'no reason given'}`;
  return tries > 0
    ? `${channel} is told of ${what}, try ${tries + 1}: ${reason ?? ''}`
    : `${channel} is told of ${what}`;
}

function Way({ order }: { order: OrderDetail }) {
  const stops = stopsOf(order);
  const furthest =
    order.parcels.length > 0 ? stops.length - 1 : stops.findLastIndex((stop) => stop.events.length > 0);
  return (
    <section aria-labelledby="way">
      <h2 id="way">From shop to parcel</h2>
      <ol class="way">
        {stops.map((stop, index) => (
          <li key={stop.name} class={stopClass(index, furthest, order)}>
            <h3>{stop.name}</h3>
            {stop.events.length === 0 && <div class="quiet">{stop.quiet}</div>}
            <ol>
              {stop.events.map((event) => (
                <li key={event.id}>
                  <Time at={event.at} />
                  <span title={`${event.type}, from ${event.source}`}>{event.text}</span>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </section>
  );
}

function stopClass(index: number, furthest: number, order: OrderDetail): string {
  if (index > furthest) return 'ahead';
  if (index < furthest) return 'passed';
  if (order.state === 'held' || order.state === 'refused') return 'stuck';
  return order.state === 'shipped' || finished.includes(order.state) ? 'passed' : 'here';
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
