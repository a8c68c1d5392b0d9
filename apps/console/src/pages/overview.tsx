import type { OrderStateName } from '../follow-orders/fold.ts';
import type { Overview, ServiceNow, StockNow } from '../look-up/shapes.ts';
import { useCatalogue } from './catalogue.tsx';
import { Loaded, stateWords, Time, Title } from './parts.tsx';
import { Link } from './router.tsx';
import { useStock } from './stock.tsx';
import { useData } from './use-data.ts';

const SERVICES_EVERY_MS = 5_000;

/** Is all well, and if not, where do I look? */
export function OverviewPage() {
  const data = useData<Overview>('/api/overview', {
    when: (changes) => changes.orders.length + changes.articles.length > 0,
  });
  const services = useData<{ services: ServiceNow[] }>('/api/services', {
    everyMs: SERVICES_EVERY_MS,
  });
  const stock = useStock();
  const counts = useCatalogue().value?.counts ?? [];
  const misfits = counts.reduce((sum, one) => sum + (one.what === 'act' ? one.count : 0), 0);
  return (
    <>
      <Title>Overview</Title>
      <Loaded data={data}>
        {(overview) => (
          <>
            <Attention
              overview={overview}
              services={services.value?.services}
              stock={stock.value}
              misfits={misfits}
            />
            <Orders overview={overview} />
            <div class="columns">
              <Channels overview={overview} />
              <section aria-labelledby="services">
                <h2 id="services">Services</h2>
                <Loaded data={services}>{(value) => <Services {...value} />}</Loaded>
              </section>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

interface Seen {
  overview: Overview;
  services?: ServiceNow[];
  stock?: StockNow;
  /** What does not fit in article data. */
  misfits: number;
}

/** What waits for a person, first. */
function Attention({ overview, services, stock, misfits }: Seen) {
  const held = overview.states.held ?? 0;
  const refused = overview.states.refused ?? 0;
  const late = overview.lateBackOrders;
  const parked = services?.reduce((sum, service) => sum + (service.parked ?? 0), 0) ?? 0;
  const onLists = services?.reduce((sum, service) => sum + (service.onLists ?? 0), 0) ?? 0;
  const silent = services?.filter((service) => service.problem) ?? [];
  const failing =
    services?.flatMap(({ service, failing: each = [] }) => each.map((one) => `${service}: ${one}`)) ?? [];
  const ofStock = stock ? stockSentences(stock) : [];
  if (
    held + late + refused + parked + onLists + silent.length + failing.length + ofStock.length + misfits ===
    0
  ) {
    return <p class="well">Nothing waits for a person.</p>;
  }
  return (
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">Waits for a person</h2>
      <ul>
        {held > 0 && <li><Link to="/held">{plural(held, 'held order')}</Link></li>}
        {late > 0 && <li><Link to="/held">{plural(late, 'back-ordered order')} without a day, though one was told</Link></li>}
        {refused > 0 && <li><Link to="/orders?state=refused">{plural(refused, 'order')} refused by the warehouse</Link></li>}
        {parked > 0 && <li><Link to="/parked">{plural(parked, 'parked message')}</Link></li>}
        {onLists > 0 && <li><Link to="/parked">{onLists} of the channels' orders and calls</Link></li>}
        {misfits > 0 && <li><Link to="/catalogue">{plural(misfits, 'difference')} in article data</Link></li>}
        {ofStock.map((sentence) => <li key={sentence}><Link to="/stock">{sentence}</Link></li>)}
        {silent.map(({ service, problem }) => <li key={service}>{problem}</li>)}
        {failing.map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
    </section>
  ); // prettier-ignore
}

/** Of services that cannot be asked the overview tells anyway. */
function stockSentences({ gate, atRisk, silent }: StockNow): string[] {
  const sentences: string[] = [];
  if ('state' in gate && gate.state === 'differs')
    sentences.push('Two stock readings differ: decide which is true');
  if ('orders' in atRisk && atRisk.orders.length > 0)
    sentences.push(
      `${plural(new Set(atRisk.orders.map(({ number }) => number)).size, 'order')} whose goods have vanished`,
    );
  if ('channels' in silent)
    for (const { channel, pieces } of silent.channels)
      sentences.push(`${pieces} pieces lie with ${channel}, which is silent`);
  return sentences;
}

const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

function Orders({ overview }: { overview: Overview }) {
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">Orders</h2>
      <ul class="counts">
        {Object.entries(stateWords).map(([state, words]) => (
          <li key={state}>
            <Link to={`/orders?state=${state}`} class={`count state-${state as OrderStateName}`}>
              <strong>{overview.states[state] ?? 0}</strong> {words}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const signWords: Record<string, string> = {
  'order.placed': 'sent an order',
  'order.amended': 'changed an order',
  'order.cancel-requested': 'asked for a cancel',
  'article.published': 'sent article data',
  'article.listed': 'listed an article',
  'shelf.set': 'set a number',
  'shelf.refused': 'could not set a number',
};

function Channels({ overview }: { overview: Overview }) {
  return (
    <section aria-labelledby="channels">
      <h2 id="channels">Channels</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Kind</th>
            <th scope="col">Last sign of life</th>
          </tr>
        </thead>
        <tbody>
          {overview.channels.map((channel) => (
            <tr key={channel.code}>
              <th scope="row">
                {channel.code}
                {channel.name && <span class="note"> {channel.name}</span>}
              </th>
              <td data-label="Kind">{channel.kind}</td>
              <td data-label="Last sign of life">
                {channel.lastAt ? (
                  <>
                    <Time at={channel.lastAt} />{' '}
                    <span class="note">{signWords[channel.lastType ?? ''] ?? channel.lastType}</span>
                  </>
                ) : (
                  'none yet'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Services({ services }: { services: ServiceNow[] }) {
  return (
    <>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Is</th>
            <th scope="col" class="number">
              Parked
            </th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ service, problem, ready, faults, parked }) => (
            <tr key={service}>
              <th scope="row">{service}</th>
              <td data-label="Is">
                {ready ? 'ready' : (problem?.replace(`${service} `, '') ?? `not ready: ${faults.join('; ')}`)}
              </td>
              <td class="number" data-label="Parked">
                {parked ?? '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        <Link to="/foreign">Foreign orders</Link> in the warehouse are passed over in silence.
      </p>
    </>
  );
}
