import { describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { type Bed, Gate, sent } from './bed.ts';
import { ParcelLost, ParcelMoved, ParcelPainted, ParcelWeighed, Weights } from './parcels.ts';

const moved = (number: string, step: number) => ParcelMoved.of({ number, step });
const steps = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const answerAll = {
  answer: (messages: { data: { number: string; step: number } }[]) =>
    messages.map(({ data: { number, step } }) => ParcelWeighed.of({ number, step })),
};

/** What every transport promises about delivery: at least once, in order per key, with its effects once. */
export function deliveryContract(bed: Bed): void {
  describe('delivery', () => {
    it('takes an event from a unit of work through a handler to what the handler answers', async () => {
      const room = await bed.room();
      const { unitOfWork } = await room.start({ behaviour: answerAll });
      const answer = await unitOfWork.run(async () => ({ events: [moved('A', 1)], answer: 'done' }));
      expect(answer).toBe('done');
      const [weighed] = await eventually(async () => {
        const log = await room.bus.log(Weights.name);
        return log.length > 0 && log;
      });
      const [cause] = await room.effects();
      expect(JSON.parse(weighed?.value ?? '')).toEqual({ number: 'A', step: 1 });
      expect(weighed).toMatchObject({
        key: 'A',
        headers: {
          ce_specversion: '1.0',
          ce_type: 'parcel.weighed',
          ce_source: 'samlast/parcel-service',
          ce_subject: 'A',
          'content-type': 'application/json',
        },
      });
      expect(weighed?.headers.traceparent?.split('-')[1]).toBe(cause?.traceparent?.split('-')[1]);
      expect(weighed?.headers.traceparent).not.toBe(cause?.traceparent);
    });

    it('publishes nothing of a unit of work that fails', async () => {
      const room = await bed.room();
      const { unitOfWork } = await room.start();
      const failing = unitOfWork.run(async (tx) => {
        await tx.query(`INSERT INTO effects (message_id, key, step) VALUES (gen_random_uuid(), 'A', 1)`);
        await tx.query('SELECT 1 / 0');
        return { events: [moved('A', 1)], answer: undefined };
      });
      await expect(failing).rejects.toThrow('division by zero');
      await unitOfWork.run(async () => ({ events: [moved('B', 1)], answer: undefined }));
      await eventually(async () => (await room.effects()).length > 0);
      expect((await room.effects()).map(({ key }) => key)).toEqual(['B']);
    });

    it('handles what was published before the first start of its group', async () => {
      const room = await bed.room();
      await room.send(...steps(10).map((step) => moved('A', step)));
      await room.start();
      await eventually(async () => (await room.effects()).length === 10);
      expect(await room.stepsOf('A')).toEqual(steps(10));
    });

    it('hands messages over in batches, with all types of a handler in one', async () => {
      const room = await bed.room();
      await room.send(
        ...steps(50).map((step) => (step % 2 ? moved('A', step) : ParcelLost.of({ number: 'A', step }))),
      );
      const { calls } = await room.start();
      await eventually(async () => (await room.effects()).length === 50);
      expect(calls.length).toBeLessThan(10);
      expect(await room.stepsOf('A')).toEqual(steps(50));
    });

    it('goes on with other partitions while one is busy', async () => {
      const room = await bed.room();
      const gate = new Gate();
      await room.start({
        behaviour: {
          handle: (messages) => (messages.some(({ key }) => key === 'A') ? gate.opened : undefined),
        },
      });
      // A (1) and D (0) are in different partitions of three.
      try {
        await room.send(moved('A', 1), moved('D', 1), moved('D', 2));
        await eventually(async () => (await room.stepsOf('D')).length === 2);
        expect(await room.stepsOf('A')).toEqual([]);
      } finally {
        gate.open();
      }
      await eventually(async () => (await room.stepsOf('A')).length === 1);
    });

    it('keeps the order of every key under load, with two members of the group', async () => {
      const room = await bed.room();
      const keys = steps(20).map((n) => `K${n}`);
      const [first, second] = await Promise.all([room.start(), room.start()]);
      for (const round of steps(5)) {
        await first.unitOfWork.run(async () => ({
          events: keys.flatMap((key) => [moved(key, 2 * round - 1), moved(key, 2 * round)]),
          answer: undefined,
        }));
      }
      await eventually(async () => (await room.effects()).length >= 200);
      for (const key of keys) expect(await room.stepsOf(key)).toEqual(steps(10));
      expect(first.progress.counts.handled + second.progress.counts.handled).toBe(200);
    });

    it('goes on with one member when the other leaves', async () => {
      const room = await bed.room();
      const [first, second] = await Promise.all([room.start(), room.start()]);
      const keys = steps(9).map((n) => `K${n}`);
      await room.send(...keys.map((key) => moved(key, 1)));
      await eventually(async () => (await room.effects()).length === 9);
      await second.close();
      await room.send(...keys.map((key) => moved(key, 2)));
      await eventually(async () => (await room.effects()).length === 18);
      for (const key of keys) expect(await room.stepsOf(key)).toEqual([1, 2]);
      expect(first.progress.fault()).toBeUndefined();
    });

    it('passes over a known type that it has no handler for', async () => {
      const room = await bed.room();
      await room.send(ParcelPainted.of({ number: 'A', step: 1 }), moved('A', 2));
      const { progress, deadLetters } = await room.start();
      await eventually(async () => (await room.stepsOf('A')).includes(2));
      expect(progress.counts.passedOver).toBe(1);
      expect(await deadLetters.list()).toEqual([]);
    });

    it('passes over in silence, unparsed, what it is told to disregard', async () => {
      const room = await bed.room();
      const foreign = sent(ParcelMoved.of({ number: 'A', step: 1, channel: 'EU' }));
      await room.send(
        { ...foreign, value: '{ not even JSON' },
        ParcelMoved.of({ number: 'A', step: 2, channel: 'SE' }),
      );
      const { progress, deadLetters, lines } = await room.start({
        disregard: ({ type, channel }) => type === 'parcel.moved' && channel === 'EU',
      });
      await eventually(async () => (await room.stepsOf('A')).includes(2));
      expect(progress.counts.disregarded).toBe(1);
      expect(await deadLetters.list()).toEqual([]);
      expect(lines.filter(({ level }) => level !== 'debug')).toEqual([]);
    });

    it('runs a unit of work again when two transactions met', async () => {
      const room = await bed.room();
      const { unitOfWork } = await room.start({ consumes: false });
      let tries = 0;
      await unitOfWork.run(async (tx) => {
        tries += 1;
        if (tries < 3) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40001'; END $$`);
        return { events: [moved('A', 1)], answer: undefined };
      });
      expect(tries).toBe(3);
      await eventually(async () => (await room.bus.log('wms.parcels.v1')).length === 1);
    });
  });
}
