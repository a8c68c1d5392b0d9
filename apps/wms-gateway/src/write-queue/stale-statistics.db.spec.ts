import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@samlast/service';
import { DataSource } from 'typeorm';
import { setStage, type Stage } from '../testing/stage.ts';
import { touchedRows } from '../testing/touched-rows.ts';
import { WriteQueue } from './write-queue.ts';
import type { WaitingWrite } from './write.ts';

const QUEUED = 1_000;
const TAKEN = 80;

let stage: Stage;
let gateway: RunningService;

beforeEach(async () => {
  stage = await setStage();
  gateway = await stage.gateway();
});
afterEach(() => stage.close());

/** Out of the gateway's own reach. */
const queueUp = () =>
  stage.database.query(
    `INSERT INTO wms_gateway.writes (kind, subject, revision, action, lane, body, not_before)
     SELECT 'order', n || '-SE', 1, 'put', 'SE', to_jsonb(repeat('x', 1000)), 'infinity' FROM generate_series(1, $1) n`,
    [QUEUED],
  );

/** Postgres believes from now on that there is hardly ever a row, as after a night in which all was sent. */
async function countNothing(): Promise<void> {
  await queueUp();
  await stage.database.query('DELETE FROM wms_gateway.writes');
  await stage.database.query('ANALYZE wms_gateway.writes');
}

const taken: WaitingWrite[] = Array.from({ length: TAKEN }, (_, index) => ({
  kind: 'order',
  subject: `${index * 7 + 1}-SE`,
  revision: 1,
  action: 'put',
  lane: 'SE',
  place: index,
  tries: 0,
  lastFault: undefined,
  sentBefore: false,
}));

// None of these is among those.
const newer = ['1000-SE', '999-SE'];
const withdrawn = ['998-SE'];

const term = { epoch: 1, startBy: 0, withinMs: 1_000, deadlineMs: 1_000 };

describe('a queue that was empty when its statistics were made', () => {
  it('gives intents, puts off, takes out and replaces without a look at all that waits', async () => {
    await countNothing();
    await queueUp();
    const queue = gateway.app.get(WriteQueue);
    await gateway.app.get(DataSource).transaction(async (tx) => {
      const cheap = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
        const before = await touchedRows(tx, 'writes');
        const answer = await work();
        expect((await touchedRows(tx, 'writes')) - before).toBeLessThan(QUEUED / 2);
        return answer;
      };
      const open = await cheap(() => queue.open(tx, taken, term));
      expect(open.map(({ subject, sentBefore }) => [subject, sentBefore]).toSorted()).toEqual(
        taken.map(({ subject }) => [subject, false]).toSorted(),
      );
      const verdict = { kind: 'later', fault: 'none', reached: false } as const;
      await cheap(() =>
        queue.postpone(
          tx,
          open.map((write) => ({ write, verdict, waitMs: 1_000 })),
        ),
      );
      expect((await cheap(() => queue.remove(tx, open))).size).toBe(TAKEN);
      const put = { kind: 'order', action: 'put', lane: 'SE', body: {}, articles: [] as string[] } as const;
      const puts = newer.map((subject) => ({ ...put, subject, revision: 2 }));
      expect([...(await cheap(() => queue.supersede(tx, puts)))].toSorted()).toEqual(newer);
      expect([...(await cheap(() => queue.withdraw(tx, 'order', withdrawn)))]).toEqual(withdrawn);
    });
    const [left] = await stage.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM wms_gateway.writes',
    );
    expect(left?.count).toBe(QUEUED - TAKEN - withdrawn.length);
  });
});
