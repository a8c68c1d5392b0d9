import { useState } from 'preact/hooks';
import type { ArticleFinding, Catalogue } from '../look-up/shapes.ts';
import { Decide } from './decide.tsx';
import { address } from './orders.tsx';
import { Loaded, Time, Title } from './parts.tsx';
import { articlePath, Link } from './router.tsx';
import { type Data, useData } from './use-data.ts';

const EVERY_MS = 5_000;

export const findingWords: Record<string, string> = {
  implausible: 'Cannot be right',
  refused: 'Refused by the warehouse',
  'unknown-number': 'Sold, but not made',
  'other-number': 'Under another number',
  'barcode-twice': 'One barcode twice',
  'other-barcode': 'Another barcode',
  'not-owner': 'Said by one who does not own it',
  'changed-in-wms': 'Otherwise in the warehouse',
  'gone-with-stock': 'Gone, with pieces left',
  vanished: 'Gone from the warehouse',
  'own-words': 'Called otherwise in a shop',
  'only-in-wms': 'Only in the warehouse',
};
const WRITTEN_AGAIN = new Set(['changed-in-wms', 'refused', 'vanished']);

/** What the overview and this page ask: no topic tells of it. */
export const useCatalogue = (kind = ''): Data<Catalogue> =>
  useData<Catalogue>(address('/api/catalogue', { kind }), { everyMs: EVERY_MS });

/** What does not fit in article data, where, and what is to be done? */
export function CataloguePage({ query }: { query: URLSearchParams }) {
  const kind = query.get('kind') ?? '';
  const data = useCatalogue(kind);
  const [said, setSaid] = useState('');
  const done = (words: string) => {
    setSaid(words);
    data.reload();
  };
  return (
    <>
      <Title>Catalogue</Title>
      <p class="quiet">
        Where the systems, the shops and the warehouse say different things of an article. What is put right
        leaves this list by itself.
      </p>
      <p role="status" class="said">
        {said}
      </p>
      <Loaded data={data}>
        {({ counts, findings }) => (
          <>
            <Kinds counts={counts} kind={kind} />
            {findings.length === 0 ? (
              <p class="quiet">{kind ? 'There is none of this kind.' : 'Nothing waits for a person.'}</p>
            ) : (
              <ul class="cards">
                {findings.map((finding) => (
                  <FindingCard
                    key={`${finding.article}/${finding.kind}/${finding.channel}`}
                    finding={finding}
                    onDone={done}
                  />
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function Kinds({ counts, kind }: { counts: Catalogue['counts']; kind: string }) {
  if (counts.length === 0) return null;
  return (
    <ul class="counts">
      {kind && (
        <li>
          <Link to="/catalogue" class="count">
            All that waits for a person
          </Link>
        </li>
      )}
      {counts.map((one) => (
        <li key={one.kind}>
          <Link to={address('/catalogue', { kind: one.kind })} class="count" current={one.kind === kind}>
            <strong>{one.count}</strong> {findingWords[one.kind] ?? one.kind}
            {one.what === 'note' && <span class="note"> for your knowledge</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface FindingCardProps {
  finding: ArticleFinding;
  onDone: (said: string) => void;
}

export function FindingCard({ finding, onDone }: FindingCardProps) {
  const { article, kind, channel, text, remedy, since } = finding;
  const decision = {
    verb: 'Write again',
    what: `article ${article}`,
    consequence:
      kind === 'vanished'
        ? 'The warehouse gets the article once more, as its owners have it.'
        : 'What the warehouse has of it is replaced by what its owners say.',
    path: `/api/catalogue/${encodeURIComponent(article)}/write`,
  };
  return (
    <li class="card">
      <div>
        <h2>
          <Link to={articlePath(article)}>{article}</Link>: {findingWords[kind] ?? kind}
        </h2>
        <p class="quiet">
          {channel || 'warehouse'} · <Time at={since} />
        </p>
        <p class="reason">{text}</p>
        <p>{remedy}</p>
      </div>
      {WRITTEN_AGAIN.has(kind) && (
        <div class="buttons">
          <Decide decision={decision} onDone={onDone} />
        </div>
      )}
    </li>
  );
}
