// Shapes that nothing produces yet. They freeze with the first release that produces them; until then they may change.
import { defineEvent } from './event.ts';
import { Order } from './order.ts';
import { ChannelOrders } from './topics.ts';

export const OrderAmended = defineEvent(
  'order.amended',
  ChannelOrders,
  Order.describe('A shop has changed an order: the whole order again under a higher revision.'),
  (data) => data.number,
);
