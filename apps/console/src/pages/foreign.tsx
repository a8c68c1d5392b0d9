import type { ForeignOrder } from '../look-up/shapes.ts';
import { Loaded, Time, Title } from './parts.tsx';
import { useData } from './use-data.ts';

const EVERY_MS = 10_000;

/** Which orders in the warehouse are none of ours? */
export function ForeignPage() {
  const data = useData<{ orders: ForeignOrder[] }>('/api/foreign-orders', { everyMs: EVERY_MS });
  return (
    <>
      <Title>Foreign orders</Title>
      <p class="quiet">
        They are in the warehouse, but no channel sent them: typed in by hand, or sent past Samlast. They are
        passed over; only the stock they take is counted.
      </p>
      <Loaded data={data}>
        {({ orders }) =>
          orders.length === 0 ? <p class="quiet">There is none.</p> : <Orders orders={orders} />
        }
      </Loaded>
    </>
  );
}

function Orders({ orders }: { orders: ForeignOrder[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Warehouse</th>
          <th scope="col">Type</th>
          <th scope="col">First seen</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.wmsOrderId}>
            <th scope="row">{order.number}</th>
            <td data-label="Warehouse">{order.wmsOrderId}</td>
            <td data-label="Type">{order.type ?? '–'}</td>
            <td data-label="First seen">
              <Time at={order.firstSeen} />
            </td>
            <td data-label="Last seen">
              <Time at={order.lastSeen} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
