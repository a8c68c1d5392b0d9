import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ChannelLists, ParkedAt, ParkedMessage } from '../look-up/shapes.ts';
import { Decide, type Decision } from './decide.tsx';
import { callWords, Loaded, Time, Title, Trouble } from './parts.tsx';
import { useData } from './use-data.ts';

/** No topic tells what a service has parked, so its list is read again now and then. */
const EVERY_MS = 4_000;

/** Which messages could a service not work with, and why? */
export function ParkedPage() {
  const data = useData<{ services: ParkedAt[] }>('/api/dead-letters', { everyMs: EVERY_MS });
  const lists = useData<{ channels: ChannelLists[] }>('/api/channel-lists', { everyMs: EVERY_MS });
  const [said, setSaid] = useState('');
  const done = (words: string) => {
    setSaid(words);
    data.reload();
    lists.reload();
  };
  return (
    <>
      <Title>Parked messages</Title>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {({ services }) => (
          <>
            {services.map(({ service, problem }) => problem && <Trouble key={service} problem={problem} />)}
            {services.every(({ messages }) => messages.length === 0) && (
              <p class="quiet">
                Nothing is parked{services.some(({ problem }) => problem) && ' in the services that answered'}
                . A message that no retry can help comes here with its reason; later messages of its key wait
                behind it.
              </p>
            )}
            <ul class="cards">
              {services.flatMap(({ service, messages }) =>
                messages.map((message) => (
                  <ParkedCard
                    key={`${service}/${message.id}`}
                    service={service}
                    message={message}
                    onDone={done}
                  />
                )),
              )}
            </ul>
          </>
        )}
      </Loaded>
      <Loaded data={lists}>
        {({ channels }) => (
          <>
            <UnreadableOrders channels={channels} onDone={done} />
            <RefusedCalls channels={channels} onDone={done} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface ListProps {
  channels: ChannelLists[];
  onDone: (said: string) => void;
}

function UnreadableOrders({ channels, onDone }: ListProps) {
  const listed = channels.flatMap(({ service, orders }) => orders.map((order) => ({ service, ...order })));
  if (listed.length === 0) return null;
  return (
    <section aria-labelledby="unreadable">
      <h2 id="unreadable">Orders that a channel could not take</h2>
      <ul class="cards">
        {listed.map(({ service, id, number, shopNumber, reason, since }) => {
          const path = `/api/channel-lists/${service}/orders/${encodeURIComponent(id)}`;
          const again = `${service} reads it from its shop once more.`;
          const settled = 'It leaves this list; nothing else happens to it.';
          const decisions = [
            { verb: 'Read again', consequence: again, path: `${path}/retry` },
            { verb: 'Settle', consequence: settled, path: `${path}/settle`, danger: true },
          ];
          const what = `order ${number ?? shopNumber}`;
          return (
            <Card key={path} heading="h3" what={what} reason={reason} decisions={decisions} onDone={onDone}>
              {service} {since && <Time at={since} />}
            </Card>
          );
        })}
      </ul>
    </section>
  );
}

function RefusedCalls({ channels, onDone }: ListProps) {
  const listed = channels.flatMap(({ service, calls }) => calls.map((call) => ({ service, ...call })));
  if (listed.length === 0) return null;
  return (
    <section aria-labelledby="calls">
      <h2 id="calls">What a shop has not taken yet</h2>
      <ul class="cards">
        {listed.map(({ service, id, kind, state, tries, reason, createdAt, number, shopNumber }) => {
          const path = `/api/channel-lists/${service}/calls/${encodeURIComponent(id)}`;
          const again = `${service} calls its shop once more.`;
          const givenUp = 'The shop is not told; do it there by hand where it is needed.';
          const decisions = [
            { verb: 'Retry', consequence: again, path: `${path}/retry` },
            { verb: 'Discard', consequence: givenUp, path: `${path}/discard`, danger: true },
          ];
          const what = `${callWords[kind] ?? kind} of ${number ?? shopNumber}`;
          const toDecide = state === 'parked' ? decisions : [];
          return (
            <Card key={path} heading="h3" what={what} reason={reason} decisions={toDecide} onDone={onDone}>
              {service} · <Time at={createdAt} /> ·{' '}
              {state === 'parked' ? 'refused' : `tried ${tries} times, goes on by itself`}
            </Card>
          );
        })}
      </ul>
    </section>
  );
}

interface ParkedCardProps {
  service: string;
  message: ParkedMessage;
  onDone: (said: string) => void;
}

function ParkedCard({ service, message, onDone }: ParkedCardProps) {
  const path = `/api/dead-letters/${service}/${encodeURIComponent(message.id)}`;
  const what = `${message.type ?? 'message'} ${message.key ?? message.id}`;
  const again = `${service} takes it again, and what waits behind it after it, in order.`;
  const givenUp = 'The message is given up for good; what waits behind it goes on.';
  const decisions = [
    { verb: 'Retry', consequence: again, path: `${path}/retry` },
    { verb: 'Discard', consequence: givenUp, path: `${path}/discard`, danger: true },
  ];
  return (
    <Card heading="h2" what={what} reason={message.reason} decisions={decisions} onDone={onDone}>
      {service} · <Time at={message.parkedAt} /> · {message.code}
      {message.behind ? ` · ${message.behind} waiting behind it` : ''}
    </Card>
  );
}

interface CardProps {
  heading: 'h2' | 'h3';
  what: string;
  /** The quiet line: where it is, and since when. */
  children: ComponentChildren;
  reason?: string;
  decisions: Omit<Decision, 'what'>[];
  onDone: (said: string) => void;
}

/** One thing that went wrong, why, and what a person can decide about it. */
function Card({ heading: Heading, what, children, reason, decisions, onDone }: CardProps) {
  return (
    <li class="card">
      <div>
        <Heading>{what}</Heading>
        <p class="quiet">{children}</p>
        {reason && <p class="reason">{reason}</p>}
      </div>
      {decisions.length > 0 && (
        <div class="buttons">
          {decisions.map((decision) => (
            <Decide key={decision.verb} decision={{ what, ...decision }} onDone={onDone} />
          ))}
        </div>
      )}
    </li>
  );
}
