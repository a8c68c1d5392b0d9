import type { ArticleChannel, ArticleDetail } from '../look-up/shapes.ts';
import { ArticleDataSection } from './article-data.tsx';
import { Loaded, Time, Title } from './parts.tsx';
import { Link } from './router.tsx';
import { useData } from './use-data.ts';

/** How is this article's stock made up, and is each shop showing what it may? */
export function ArticlePage({ article: number }: { article: string }) {
  const data = useData<ArticleDetail>(`/api/articles/${encodeURIComponent(number)}`, {
    when: (changes) => changes.articles.includes(number),
  });
  return (
    <>
      <Title>{number}</Title>
      <Loaded data={data}>
        {(article) => (
          <>
            <p class="quiet">
              {article.name ?? 'No name known'}
              {article.read && ` · ${article.read.status} in the warehouse`}
            </p>
            <Stock article={article} />
            <Shelves article={article} />
          </>
        )}
      </Loaded>
      <ArticleDataSection article={number} />
    </>
  );
}

function Stock({ article }: { article: ArticleDetail }) {
  return (
    <section aria-labelledby="stock">
      <h2 id="stock">Stock</h2>
      <dl class="figures">
        <Figure name="Free" value={article.free} hint="nobody has been promised them" />
        <Figure
          name="Sellable"
          value={article.sellable ?? article.read?.sellable}
          hint="as the warehouse last said"
        />
        <Figure name="Reserved" value={article.reserved} hint="promised, not yet in the warehouse's figure" />
        <Figure name="Incoming" value={article.read?.incoming} hint={sayExpected(article)} />
      </dl>
      {article.read?.doubtful && (
        <p class="trouble">
          The last reading, {article.read.sellable}, is in doubt. If it is lower than before it counts
          already, if it is higher it waits; the shops keep their numbers.{' '}
          <Link to="/stock">What is to be done</Link>
        </p>
      )}
      <p class="quiet">
        {article.read && (
          <>
            Last read <Time at={article.read.at} />
          </>
        )}
        {article.levelAt && (
          <>
            {article.read && ' · '}level {article.version} since <Time at={article.levelAt} />
          </>
        )}
      </p>
    </section>
  );
}

function Figure({ name, value, hint }: { name: string; value?: string; hint: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value ?? '–'}
        <small>{hint}</small>
      </dd>
    </div>
  );
}

function Shelves({ article }: { article: ArticleDetail }) {
  if (article.channels.length === 0) return <p class="quiet">No shop has been given a number for it yet.</p>;
  return (
    <section aria-labelledby="shelves">
      <h2 id="shelves">In the shops</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Shop</th>
            <th scope="col" class="number">
              Shows
            </th>
            <th scope="col" class="number">
              May show
            </th>
            <th scope="col">Way of selling</th>
            <th scope="col">Last written</th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {article.channels.map((channel) => (
            <tr key={channel.channel}>
              <th scope="row">{channel.channel}</th>
              <td class="number" data-label="Shows">
                {channel.shelf ?? '–'}
              </td>
              <td class="number" data-label="May show">
                {channel.level ?? '–'}
              </td>
              <td data-label="Way of selling">{channel.mode ?? '–'}</td>
              <td data-label="Last written">{channel.shelfAt ? <Time at={channel.shelfAt} /> : 'never'}</td>
              <td data-label="Note">{noteOf(channel, article.version)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function noteOf(channel: ArticleChannel, version?: number) {
  const notes: string[] = [];
  if (channel.refused) {
    const unknown = channel.refused.reason === 'unknown-article';
    const why = unknown ? 'the shop does not know the article' : 'the shop refused the number';
    notes.push(channel.refused.text ? `${why}: ${channel.refused.text}` : why);
  } else if (channel.level !== undefined && version !== undefined && (channel.shelfVersion ?? -1) < version) {
    notes.push(`newest level ${version} not confirmed yet`);
  }
  if (channel.listed === false) notes.push('not listed any more');
  if (channel.data?.answer === 'not-master')
    notes.push(channel.data.text ?? 'its article data is passed over: another system owns it');
  if (channel.data?.answer === 'implausible')
    notes.push(`some of its article data cannot be right: ${channel.data.text ?? 'no reason given'}`);
  if (channel.data?.answer === 'accepted') notes.push('its article data is in the warehouse');
  if (channel.data?.answer === 'wms')
    notes.push(`its article data was refused: ${channel.data.text ?? 'no reason given'}`);
  return notes.length > 0 ? notes.join('; ') : '–';
}

function sayExpected({ expected }: ArticleDetail): string {
  const days = expected
    .slice(0, 3)
    .map(({ on, quantity }) => `${quantity} ${on ? `on ${on}` : 'without a date'}`);
  const more = expected.length > days.length ? ' …' : '';
  return days.length > 0 ? `on purchase orders: ${days.join(', ')}${more}` : 'on purchase orders';
}
