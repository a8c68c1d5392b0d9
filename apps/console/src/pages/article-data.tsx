import { useState } from 'preact/hooks';
import type { ArticleData } from '../look-up/shapes.ts';
import { FindingCard } from './catalogue.tsx';
import { Loaded } from './parts.tsx';
import { useData } from './use-data.ts';

const EVERY_MS = 5_000;

/** Whose is each member of the article's data, and do all say the same? */
export function ArticleDataSection({ article }: { article: string }) {
  const data = useData<ArticleData>(`/api/catalogue/${encodeURIComponent(article)}`, { everyMs: EVERY_MS });
  const [said, setSaid] = useState('');
  const done = (words: string) => {
    setSaid(words);
    data.reload();
  };
  return (
    <section aria-labelledby="data">
      <h2 id="data">Article data</h2>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {({ fields, findings }) => (
          <>
            <ul class="cards">
              {findings.map((finding) => (
                <FindingCard key={`${finding.kind}/${finding.channel}`} finding={finding} onDone={done} />
              ))}
            </ul>
            {fields.length > 0 && <Fields fields={fields} />}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Fields({ fields }: { fields: ArticleData['fields'] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Member</th>
          <th scope="col">Owner</th>
          <th scope="col">Owner says</th>
          <th scope="col">Warehouse has</th>
          <th scope="col">Others say</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, owner, said, there, others }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td data-label="Owner">{owner ?? 'nobody'}</td>
            <td data-label="Owner says">{sayValue(said)}</td>
            <td data-label="Warehouse has">{sayValue(there)}</td>
            <td data-label="Others say">
              {others.map(({ channel, says }) => `${channel}: ${sayValue(says)}`).join('; ') || '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sayValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(sayValue).join(', ');
  return Object.values(value as object)
    .map(sayValue)
    .join(' ');
}
