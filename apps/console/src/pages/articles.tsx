import type { ArticleRow } from '../look-up/shapes.ts';
import { address } from './orders.tsx';
import { Loaded, Search, Title } from './parts.tsx';
import { articlePath, go, Link } from './router.tsx';
import { useData } from './use-data.ts';

/** How many pieces are there, and what does each shop show? */
export function ArticlesPage({ query }: { query: URLSearchParams }) {
  const search = query.get('search') ?? '';
  const data = useData<{ articles: ArticleRow[] }>(address('/api/articles', { search: search.trim() }), {
    when: (changes) => changes.articles.length > 0,
  });
  return (
    <>
      <Title>Articles</Title>
      <div class="filters">
        <Search
          label="Find an article"
          hint="Number or a part of the name"
          value={search}
          onSearch={(text) => go(address('/articles', { search: text }), { replace: true })}
        />
      </div>
      <Loaded data={data}>
        {({ articles }) =>
          articles.length === 0 ? (
            <p class="quiet">
              {search
                ? `No article is called ${search}.`
                : 'No article yet. They appear with the first stock reading.'}
            </p>
          ) : (
            <ArticlesTable articles={articles} />
          )
        }
      </Loaded>
    </>
  );
}

function ArticlesTable({ articles }: { articles: ArticleRow[] }) {
  const channels = [...new Set(articles.flatMap(({ shelves }) => shelves.map(({ channel }) => channel)))];
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Article</th>
          {['Free', 'Sellable', 'Reserved', ...channels.map((channel) => `${channel} shows`)].map((name) => (
            <th key={name} scope="col" class="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {articles.map((article) => (
          <tr key={article.article}>
            <th scope="row">
              <Link to={articlePath(article.article)}>{article.article}</Link>
              {article.name && <span class="note"> {article.name}</span>}
              {article.doubtful && <span class="note warn"> in doubt</span>}
              {article.status && article.status !== 'active' && <span class="note"> {article.status}</span>}
            </th>
            <td class="number" data-label="Free">
              {article.free ?? '–'}
            </td>
            <td class="number" data-label="Sellable">
              {article.sellable ?? '–'}
            </td>
            <td class="number" data-label="Reserved">
              {article.reserved ?? '–'}
            </td>
            {channels.map((channel) => {
              const shelf = article.shelves.find((one) => one.channel === channel);
              return (
                <td key={channel} class="number" data-label={`${channel} shows`}>
                  {shelf?.shelf ?? '–'}
                  {shelf?.refused && <span class="note warn"> refused</span>}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
