import type { Outcome, Stage } from '../../benchmark.ts';
import { figure } from '../../table.ts';
import { requireEqual } from '../contestant.ts';
import { type Loaded, loaded, type LoadFigures } from './load.ts';
import { ARTICLE, openSamlast } from './routes.ts';

/** Each claim makes its commit longer by so much, whatever batch it is in: 500 a second are the most. */
const COMMIT_MS = 2;
const NORMAL_PER_SECOND = 250;
const OFFERED_PER_SECOND = 5_000;
const CLIENTS = 256;
/** An article of which little is asked, while everybody wants the other one. */
const OTHER = 'OTHER';
const OTHER_PER_SECOND = 20;
const OTHER_CLIENTS = 16;
const TAKEN = '201';
const REFUSED = '503';

interface Phase {
  readonly hot: Loaded;
  readonly other: Loaded;
}

/**
 * Ten times as many claims as can be committed: whoever is let in is to be answered nearly as soon as ever, the others
 * at once that they are to ask again, and buyers of another article are to notice nothing.
 */
export async function overload(stage: Stage): Promise<Outcome> {
  const seconds = stage.quick ? 3 : 15;
  const pieces = 1_000_000;
  const stock = new Map([
    [ARTICLE, pieces],
    [OTHER, pieces],
  ]);
  stage.say('  claims: ten times what can be committed');
  const open = await openSamlast(stage, stock);
  try {
    await open.database.client.query(slowly);
    const phase = async (name: string, perSecond: number): Promise<Phase> => {
      const { url, token } = open;
      const of = (article: string, clients: number, rate: number) => ({
        url, token, clients, article, name: `${name}-${article}`, perSecond: rate,
        warmUp: clients, requests: Math.ceil(rate * seconds),
      }); // prettier-ignore
      const [hot, other] = await Promise.all([
        loaded(of(ARTICLE, CLIENTS, perSecond), open.process),
        loaded(of(OTHER, OTHER_CLIENTS, OTHER_PER_SECOND), open.process),
      ]);
      return { hot, other };
    };
    const normal = await phase('normal', NORMAL_PER_SECOND);
    const rush = await phase('rush', OFFERED_PER_SECOND);
    await audit(open, [normal.hot, normal.other, rush.hot, rush.other]);
    return { tables: [tableOf(normal, rush, seconds)], figures: { normal, rush } };
  } finally {
    await open.stop();
  }
}

/** What a slow disk does, and no batch makes up for. */
const slowly = `
  CREATE FUNCTION stock_authority.commit_slowly() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(${COMMIT_MS / 1_000}); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON stock_authority.claims
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_authority.commit_slowly()`;

/** Who was told yes has a claim, and nobody else; what was asked before the clock started counts as well. */
async function audit(
  { held }: Awaited<ReturnType<typeof openSamlast>>,
  loads: readonly LoadFigures[],
): Promise<void> {
  const taken = loads.reduce((sum, { answers, warm }) => sum + countOf(answers) + countOf(warm), 0);
  requireEqual('samlast under overload', { ...(await held()) }, { claims: taken, promised: taken });
  for (const { answers } of loads) {
    const others = Object.keys(answers).filter((status) => status !== TAKEN && status !== REFUSED);
    requireEqual('samlast under overload', others, []);
  }
}

const countOf = (answers: LoadFigures['answers']) => answers[TAKEN]?.count ?? 0;

function tableOf(normal: Phase, rush: Phase, seconds: number) {
  const row = (name: string, { answers }: LoadFigures) => {
    const [taken, refused] = [answers[TAKEN], answers[REFUSED]];
    const ms = (value: number | undefined) => (value === undefined ? '' : `${figure(value)} ms`);
    return [
      name,
      figure((taken?.count ?? 0) / seconds),
      ms(taken?.p50),
      ms(taken?.p99),
      figure((refused?.count ?? 0) / seconds),
      ms(refused?.p50),
      ms(refused?.p99),
    ];
  };
  const p99 = ({ answers }: LoadFigures) => answers[TAKEN]?.p99 ?? NaN;
  const times = p99(rush.hot) / p99(normal.hot);
  return {
    title: `authority: claims where ${1_000 / COMMIT_MS} a second can be committed`,
    columns: ['', 'taken a second', 'p50', 'p99', 'refused a second', 'p50', 'p99'],
    rows: [
      row(`${NORMAL_PER_SECOND} a second`, normal.hot),
      row(`another article meanwhile, ${OTHER_PER_SECOND} a second`, normal.other),
      row(`${OFFERED_PER_SECOND} a second`, rush.hot),
      row(`another article meanwhile, ${OTHER_PER_SECOND} a second`, rush.other),
    ],
    note:
      `Who is let in waits ${figure(times)} times as long (p99). A delay counts from the moment of the steady pace. ` +
      `The service took ${shareOf(normal)} % of a core and then ${shareOf(rush)} %.`,
  };
}

const shareOf = ({ hot: { processor, seconds } }: Phase) => Math.round((100 * processor.process) / seconds);
