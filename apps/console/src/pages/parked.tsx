import { useState } from 'preact/hooks';
import type { ParkedAt, ParkedMessage } from '../look-up/shapes.ts';
import { Decide } from './decide.tsx';
import { Loaded, Time, Title, Trouble } from './parts.tsx';
import { useData } from './use-data.ts';

/** No topic tells what a service has parked, so its list is read again now and then. */
const EVERY_MS = 4_000;

/** Which messages could a service not work with, and why? */
export function ParkedPage() {
  const data = useData<{ services: ParkedAt[] }>('/api/dead-letters', { everyMs: EVERY_MS });
  const [said, setSaid] = useState('');
  const done = (words: string) => {
    setSaid(words);
    data.reload();
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
    </>
  );
}

interface CardProps {
  service: string;
  message: ParkedMessage;
  onDone: (said: string) => void;
}

function ParkedCard({ service, message, onDone }: CardProps) {
  const path = `/api/dead-letters/${service}/${encodeURIComponent(message.id)}`;
  const what = `${message.type ?? 'message'} ${message.key ?? message.id}`;
  return (
    <li class="card">
      <div>
        <h2>{what}</h2>
        <p class="quiet">
          {service} · <Time at={message.parkedAt} /> · {message.code}
          {message.behind ? ` · ${message.behind} waiting behind it` : ''}
        </p>
        <p class="reason">{message.reason}</p>
      </div>
      <div class="buttons">
        <Decide
          decision={{
            verb: 'Retry',
            what,
            consequence: `${service} takes it again, and what waits behind it after it, in order.`,
            path: `${path}/retry`,
          }}
          onDone={onDone}
        />
        <Decide
          decision={{
            verb: 'Discard',
            what,
            consequence: 'The message is given up for good; what waits behind it goes on.',
            path: `${path}/discard`,
            danger: true,
          }}
          onDone={onDone}
        />
      </div>
    </li>
  );
}
