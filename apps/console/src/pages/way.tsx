import type { ComponentChildren } from 'preact';
import type { OrderStateName } from '../follow-orders/fold.ts';
import type { Station } from '../follow-orders/say.ts';
import type { OpenCall, OrderDetail, TimelineEvent, ToldNow } from '../look-up/shapes.ts';
import { callWords, Time } from './parts.tsx';
import { useData } from './use-data.ts';

const TOLD_EVERY_MS = 4_000;
const finished: readonly OrderStateName[] = ['cancelled', 'rejected'];
const stuck: readonly OrderStateName[] = ['held', 'backordered', 'waiting', 'refused'];

type Standing = 'passed' | 'here' | 'stuck' | 'ahead';

/** An order's way in its five stations, each with what happened there and when. */
export function Way({ order }: { order: OrderDetail }) {
  const at = (station: Station) => order.events.filter((event) => event.station === station);
  const over = finished.includes(order.state);
  const later = over ? 'Nothing more comes here' : 'Not here yet';
  const stops = [
    { name: `Shop ${order.channel}`, events: at('shop'), quiet: 'Its placing was not seen' },
    { name: 'Stock authority', events: at('authority'), quiet: later },
    { name: 'Gateway', events: at('gateway'), quiet: later },
    { name: 'Warehouse', events: at('warehouse'), quiet: later },
  ];
  const ended = over || order.parcels.length > 0;
  const furthest = stops.findLastIndex((stop) => stop.events.length > 0);
  const standing = (index: number): Standing => {
    if (index > furthest) return 'ahead';
    if (index < furthest || ended) return 'passed';
    return stuck.includes(order.state) ? 'stuck' : 'here';
  };
  return (
    <section aria-labelledby="way">
      <h2 id="way">From shop to parcel</h2>
      <ol class="way">
        {stops.map(({ name, events, quiet }, index) => (
          <Stop key={name} name={name} standing={standing(index)}>
            {events.length > 0 ? <Events events={events} /> : <p class="quiet">{quiet}</p>}
          </Stop>
        ))}
        {ended ? (
          <Told order={order} />
        ) : (
          <Stop name={backTo(order)} standing="ahead">
            <p class="quiet">No parcel yet</p>
          </Stop>
        )}
      </ol>
    </section>
  );
}

const backTo = (order: OrderDetail) => `Back to shop ${order.channel}`;

interface StopProps {
  name: string;
  standing: Standing;
  children: ComponentChildren;
}

function Stop({ name, standing, children }: StopProps) {
  return (
    <li class={standing}>
      <h3>{name}</h3>
      {children}
    </li>
  );
}

function Events({ events }: { events: TimelineEvent[] }) {
  return (
    <ol>
      {events.map((event) => (
        <li key={event.id}>
          <Time at={event.at} />
          <span title={`${event.type}, from ${event.source}`}>{event.text}</span>
        </li>
      ))}
    </ol>
  );
}

/**
 * How an order ended is told to its shop. No topic says that it was, so its channel is asked what it has left to do.
 */
function Told({ order }: { order: OrderDetail }) {
  const path = `/api/channel-lists/told/${order.channel}/${encodeURIComponent(order.number)}`;
  const when = ({ orders }: { orders: string[] }) => orders.includes(order.number);
  const { value, problem } = useData<ToldNow>(path, { everyMs: TOLD_EVERY_MS, when });
  const name = backTo(order);
  const why = problem?.message ?? value?.problem;
  if (!value || why) {
    return (
      <Stop name={name} standing="ahead">
        <p class="quiet">{why ? `Unknown: ${why}` : 'One moment …'}</p>
      </Stop>
    );
  }
  const refused = value.calls.some((call) => call.state === 'parked');
  const standing = refused ? 'stuck' : value.calls.length > 0 ? 'here' : 'passed';
  return (
    <Stop name={name} standing={standing}>
      {value.calls.length === 0 && <p class="quiet">Nothing is left to tell {order.channel}</p>}
      {value.calls.map((call) => (
        <p key={call.id}>{sayCall(call, order.channel)}</p>
      ))}
    </Stop>
  );
}

function sayCall({ kind, state, tries, reason }: OpenCall, channel: string): string {
  const what = callWords[kind] ?? kind;
  if (state === 'parked') return `${channel} refused ${what}: ${reason ?? 'no reason given'}`;
  return tries > 0
    ? `${channel} is told of ${what}, try ${tries + 1}: ${reason ?? 'the one before failed'}`
    : `${channel} is told of ${what}`;
}
