import type { OrderStateName } from '../follow-orders/fold.ts';
import type { OrderRow, OrdersPage as Page } from '../look-up/shapes.ts';
import { Loaded, Search, State, stateWords, Time, Title } from './parts.tsx';
import { go, Link, orderPath } from './router.tsx';
import { useData } from './use-data.ts';

/** Which orders are there, and which of them has this number? */
export function OrdersPage({ query }: { query: URLSearchParams }) {
  const search = query.get('search') ?? '';
  const state = query.get('state') ?? '';
  const data = useData<Page>(
    address('/api/orders', { search: search.trim(), state, before: query.get('before') ?? '' }),
    {
      when: (changes) => changes.orders.length > 0,
    },
  );
  const show = (wanted: { search?: string; state?: string; before?: string }, replace = true) =>
    go(address('/orders', { search, state, ...wanted }), { replace });
  return (
    <>
      <Title>Orders</Title>
      <div class="filters">
        <Search
          label="Find an order"
          hint="5178, 5178-SE or the warehouse's id"
          value={search}
          onSearch={(text) => show({ search: text })}
        />
        <label>
          <span>Where it stands</span>
          <select value={state} onChange={(event) => show({ state: event.currentTarget.value })}>
            <option value="">Anywhere</option>
            {Object.entries(stateWords).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded data={data}>
        {({ orders, next }) => (
          <>
            {orders.length === 0 ? (
              <Nothing search={search} state={state} />
            ) : (
              <OrdersTable orders={orders} />
            )}
            {next && (
              <button class="plain" onClick={() => show({ before: next }, false)}>
                Older orders
              </button>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

export function address(path: string, query: Record<string, string>): string {
  const wanted = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return wanted.size > 0 ? `${path}?${wanted}` : path;
}

function Nothing({ search, state }: { search: string; state: string }) {
  if (search) return <p class="quiet">No order begins with {search}.</p>;
  if (state) return <p class="quiet">No order stands there now.</p>;
  return <p class="quiet">No order yet. Place one in a shop: it appears here at once.</p>;
}

function OrdersTable({ orders }: { orders: OrderRow[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Where it stands</th>
          <th scope="col">Channel</th>
          <th scope="col">Warehouse</th>
          <th scope="col">First seen</th>
          <th scope="col">Last event</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.number}>
            <th scope="row">
              <Link to={orderPath(order.number)}>{order.number}</Link>
            </th>
            <td>
              <State state={order.state as OrderStateName} />
              {order.cancelAsked && <span class="note"> cancel asked</span>}
            </td>
            <td data-label="Channel">
              {order.channel}
              {order.orderType && ` · ${order.orderType}`}
            </td>
            <td data-label="Warehouse">{order.wmsOrderId ?? '–'}</td>
            <td data-label="First seen">
              <Time at={order.firstAt} />
            </td>
            <td data-label="Last event">
              <Time at={order.lastAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
