import { describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Unprocessable } from '../unprocessable.ts';
import type { Bed, Room } from './bed.ts';
import { ParcelMoved, type ParcelMessage, ParcelWeighed, Weights } from './parcels.ts';

const moved = (number: string, step: number) => ParcelMoved.of({ number, step });

/** A service that refuses the steps of A in `bad`, with A:1 to A:3 sent: A:1 parked, the others behind it. */
async function parked(room: Room, bad: Set<number>) {
  const service = await room.start({
    behaviour: {
      handle: (messages: ParcelMessage[]) => {
        const found = messages.find(({ key, data }) => key === 'A' && bad.has(data.step));
        if (found) throw new Unprocessable('parcel.refused', `step ${found.data.step} is refused`);
      },
      answer: (messages) => messages.map(({ data: { number, step } }) => ParcelWeighed.of({ number, step })),
    },
  });
  await room.send(moved('A', 1), moved('A', 2), moved('A', 3));
  const letters = await eventually(async () => {
    const list = await service.deadLetters.list();
    return list.length === 3 && list;
  });
  return { ...service, ids: letters.map(({ id }) => id) };
}

/** What a person can do about a parked key. */
export function replayContract(bed: Bed): void {
  describe('dead letters', () => {
    it('replays a parked key in order on retry, publishes its answers, and lets later messages pass', async () => {
      const room = await bed.room();
      const bad = new Set([1]);
      const { deadLetters, ids } = await parked(room, bad);
      bad.clear();
      expect(await deadLetters.retry(ids[0] ?? '', 'Ada', 'corrected')).toEqual({ handled: 3 });
      await room.send(moved('A', 4));
      await eventually(async () => (await room.stepsOf('A')).length === 4);
      expect(await room.stepsOf('A')).toEqual([1, 2, 3, 4]);
      expect(await deadLetters.list()).toEqual([]);
      const weighed = await eventually(async () => {
        const log = await room.bus.log(Weights.name);
        return log.length === 4 && log;
      });
      expect(weighed.map(({ value }) => JSON.parse(value ?? '').step)).toEqual([1, 2, 3, 4]);
    });

    it('parks the message at which a replay fails, and keeps the rest behind it', async () => {
      const room = await bed.room();
      const bad = new Set([1]);
      const { deadLetters, ids } = await parked(room, bad);
      bad.clear();
      bad.add(2);
      const replay = await deadLetters.retry(ids[0] ?? '', 'Ada', 'corrected');
      expect(replay).toMatchObject({ handled: 1, parked: { id: ids[1], code: 'parcel.refused' } });
      const letters = await deadLetters.list();
      expect(letters.map(({ id, state }) => ({ id, state }))).toEqual([
        { id: ids[1], state: 'parked' },
        { id: ids[2], state: 'queued' },
      ]);
      expect(letters[0]?.reason).toContain('step 2 is refused');
      expect(await room.stepsOf('A')).toEqual([1]);
    });

    it('leaves a message parked that fails again at once', async () => {
      const room = await bed.room();
      const { deadLetters, ids } = await parked(room, new Set([1]));
      const replay = await deadLetters.retry(ids[0] ?? '', 'Ada', 'hope');
      expect(replay).toMatchObject({ handled: 0, parked: { id: ids[0], code: 'parcel.refused' } });
      expect((await deadLetters.list()).map(({ state }) => state)).toEqual(['parked', 'queued', 'queued']);
    });

    it('lets the rest of a key go on when its parked message is discarded, and keeps who did it and why', async () => {
      const room = await bed.room();
      const { deadLetters, ids } = await parked(room, new Set([1]));
      expect(await deadLetters.discard(ids[0] ?? '', 'Ada', 'sent by mistake')).toEqual({ handled: 2 });
      expect(await room.stepsOf('A')).toEqual([2, 3]);
      const rows = await room.database.query(
        `SELECT state, author, author_reason FROM ${room.schema}.dead_letters ORDER BY id`,
      );
      expect(rows[0]).toEqual({ state: 'discarded', author: 'Ada', author_reason: 'sent by mistake' });
    });

    it('refuses to touch a message that waits behind another, or that is not there', async () => {
      const room = await bed.room();
      const { deadLetters, ids } = await parked(room, new Set([1]));
      await expect(deadLetters.retry(ids[1] ?? '', 'Ada', 'hurry')).rejects.toMatchObject({
        code: 'dead-letter.queued',
        message: expect.stringContaining(`behind ${ids[0]}`),
      });
      for (const id of ['999999', 'x', '']) {
        await expect(deadLetters.discard(id, 'Ada', 'tidy')).rejects.toMatchObject({
          code: 'dead-letter.unknown',
        });
      }
    });

    it('handles a message once when two people retry it at the same moment', async () => {
      const room = await bed.room();
      const bad = new Set([1]);
      const { deadLetters, ids } = await parked(room, bad);
      bad.clear();
      const retries = await Promise.allSettled([
        deadLetters.retry(ids[0] ?? '', 'Ada', 'corrected'),
        deadLetters.retry(ids[0] ?? '', 'Bo', 'corrected too'),
      ]);
      expect(retries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await room.stepsOf('A')).toEqual([1, 2, 3]);
    });

    it('keeps the order when messages of the key arrive while it is replayed', async () => {
      const room = await bed.room();
      const bad = new Set([1]);
      const { deadLetters, ids } = await parked(room, bad);
      bad.clear();
      const more = Array.from({ length: 20 }, (_, i) => moved('A', i + 4));
      await Promise.all([deadLetters.retry(ids[0] ?? '', 'Ada', 'corrected'), room.send(...more)]);
      // What came while the key was still parked has queued; a second retry takes those.
      await eventually(async () => {
        const [head] = await deadLetters.list();
        if (head) await deadLetters.retry(head.id, 'Ada', 'the rest');
        return (await room.stepsOf('A')).length === 23;
      });
      expect(await room.stepsOf('A')).toEqual(Array.from({ length: 23 }, (_, i) => i + 1));
    });
  });
}
