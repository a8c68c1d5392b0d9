import { useState } from 'preact/hooks';
import type { HeldOrder } from '../look-up/shapes.ts';
import { Decide, rejectOf, releaseOf } from './decide.tsx';
import { Loaded, Time, Title } from './parts.tsx';
import { articlePath, Link, orderPath } from './router.tsx';
import { useData } from './use-data.ts';

/** Which orders wait for a person, and what do they lack? */
export function HeldPage() {
  const data = useData<{ orders: HeldOrder[] }>('/api/held', {
    when: (changes) => changes.orders.length > 0,
  });
  const [said, setSaid] = useState('');
  return (
    <>
      <Title>Held orders</Title>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {({ orders }) =>
          orders.length === 0 ? (
            <p class="quiet">
              No order is held. Orders that the stock does not cover come here, oldest first.
            </p>
          ) : (
            <ul class="cards">
              {orders.map((order) => (
                <HeldCard key={order.number} order={order} onDone={setSaid} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function HeldCard({ order, onDone }: { order: HeldOrder; onDone: (said: string) => void }) {
  return (
    <li class="card">
      <div>
        <h2>
          <Link to={orderPath(order.number)}>{order.number}</Link>
        </h2>
        <p class="quiet">
          held since <Time at={order.since} />
          {order.cancelAsked && ' · a cancel is asked for'}
        </p>
        <ul>
          {order.shortages.map((shortage) => (
            <li key={shortage.article}>
              {shortage.text} <Link to={articlePath(shortage.article)}>see its stock</Link>
            </li>
          ))}
        </ul>
      </div>
      <div class="buttons">
        <Decide decision={releaseOf(order.number)} onDone={onDone} />
        <Decide decision={rejectOf(order.number)} onDone={onDone} />
      </div>
    </li>
  );
}
