import { useState } from 'preact/hooks';
import type { BackOrder, HeldOrder, HeldOrders } from '../look-up/shapes.ts';
import { Decide, rejectOf, releaseOf } from './decide.tsx';
import { Loaded, Time, Title } from './parts.tsx';
import { articlePath, Link, orderPath } from './router.tsx';
import { useData } from './use-data.ts';

/** Which orders wait for a person or for goods, and what do they lack? */
export function HeldPage() {
  const data = useData<HeldOrders>('/api/held', {
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
        {({ orders, backOrders }) => (
          <>
            {orders.length === 0 ? (
              <p class="quiet">
                No order is held. Orders that the stock does not cover come here, oldest first.
              </p>
            ) : (
              <ul class="cards">
                {orders.map((order) => (
                  <HeldCard key={order.number} order={order} onDone={setSaid} />
                ))}
              </ul>
            )}
            <BackOrders orders={backOrders} onDone={setSaid} />
          </>
        )}
      </Loaded>
    </>
  );
}

function BackOrders({ orders, onDone }: { orders: BackOrder[]; onDone: (said: string) => void }) {
  if (orders.length === 0) return null;
  return (
    <section aria-labelledby="back-ordered">
      <h2 id="back-ordered">Back-ordered</h2>
      <p class="quiet">
        They go out by themselves, in their turn, when the goods have come. Of those without a day tell the
        buyers, or reject them.
      </p>
      <ul class="cards">
        {orders.map((order) => (
          <HeldCard key={order.number} order={order} onDone={onDone} days={order.days} late={order.late} />
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  order: HeldOrder;
  onDone: (said: string) => void;
  days?: string;
  late?: boolean;
}

function HeldCard({ order, onDone, days, late = false }: CardProps) {
  return (
    <li class="card">
      <div>
        <h2>
          <Link to={orderPath(order.number)}>{order.number}</Link>
        </h2>
        <p class="quiet">
          {days === undefined ? 'held' : 'back-ordered'} since{' '}
          <Time at={days === undefined ? order.since : order.firstAt} />
          {order.cancelAsked && ' · a cancel is asked for'}
        </p>
        <ul>
          {order.shortages.map((shortage) => (
            <li key={shortage.article}>
              {shortage.text} <Link to={articlePath(shortage.article)}>see its stock</Link>
            </li>
          ))}
        </ul>
        {days && (
          <p class={late ? 'trouble' : 'quiet'}>
            {days.replace(/^, (.)/, (_, first) => first.toUpperCase())}
          </p>
        )}
      </div>
      <div class="buttons">
        <Decide decision={releaseOf(order.number)} onDone={onDone} />
        <Decide decision={rejectOf(order.number)} onDone={onDone} />
      </div>
    </li>
  );
}
