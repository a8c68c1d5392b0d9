import { describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Unprocessable } from '../unprocessable.ts';
import { type Bed, type Room, type Sent, sent } from './bed.ts';
import { ParcelCursed, ParcelMoved, type ParcelMessage, Parcels, ParcelWeighed, Weights } from './parcels.ts';

const moved = (number: string, step: number) => ParcelMoved.of({ number, step });
const steps = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const is = (key: string, step: number) => (message: ParcelMessage) =>
  message.key === key && message.data.step === step;

const ofPOrQ = (message: ParcelMessage) => ['P', 'Q'].includes(message.key);
const large = (number: string) => ParcelWeighed.of({ number, step: 1, filling: 'x'.repeat(100_000) });

/** A handler that fails as long as the messages hold the one that `bad` finds. */
const failing = (bad: (message: ParcelMessage) => boolean, fail: () => void) => ({
  handle: (messages: ParcelMessage[]) => {
    if (messages.some(bad)) fail();
  },
});
const refuse = () => {
  throw new Unprocessable('parcel.refused', 'the parcel is empty');
};
const settled = (room: Room, count: number) =>
  eventually(async () => (await room.effects()).length === count);

/** Starts a service, sends a bad message and a good one after it in the same partition, and gives the parked one. */
async function parkedOf(room: Room, bad: Sent) {
  const service = await room.start();
  await room.send(bad, moved('D', 9));
  await eventually(async () => (await room.stepsOf('D')).includes(9));
  const [letter] = await service.deadLetters.list();
  return { letter, service };
}

/** What every transport promises about failures: three kinds, and a poisoned key holds up nothing but itself. */
export function failureContract(bed: Bed): void {
  describe('failures', () => {
    it('parks a message that no retry can help, and its neighbours go through', async () => {
      const room = await bed.room();
      await room.send(moved('A', 1), moved('B', 1), moved('C', 1), moved('B', 2));
      const { deadLetters, progress } = await room.start({ behaviour: failing(is('B', 1), refuse) });
      await settled(room, 2);
      const letters = await eventually(async () => {
        const list = await deadLetters.list();
        return list.length === 2 && list;
      });
      expect(letters[0]).toMatchObject({
        state: 'parked',
        key: 'B',
        type: 'parcel.moved',
        code: 'parcel.refused',
      });
      expect(letters[0]?.reason).toContain('the parcel is empty');
      expect(letters[1]).toMatchObject({ state: 'queued', key: 'B' });
      expect((await room.effects()).map(({ key }) => key).toSorted()).toEqual(['A', 'C']);
      expect(progress.counts).toMatchObject({ handled: 2, parked: 1, queued: 1 });
    });

    it('finds the poisoned messages in a long batch, and handles all others once and in order', async () => {
      const room = await bed.room();
      await room.send(...steps(100).map((n) => moved(`K${n % 10}`, n)), moved('P', 1), moved('Q', 1));
      const { deadLetters } = await room.start({ behaviour: failing(ofPOrQ, refuse) });
      await settled(room, 100);
      await eventually(async () => (await deadLetters.list()).length === 2);
      for (const n of steps(9)) {
        expect(await room.stepsOf(`K${n}`)).toEqual(steps(10).map((ten) => 10 * (ten - 1) + n));
      }
    });

    it('parks a message whose handler fails five times, with the original error, and the next keys go on', async () => {
      const room = await bed.room();
      await room.send(moved('A', 1), moved('A', 2), moved('E', 1));
      const service = await room.start({
        behaviour: failing(is('A', 1), () => {
          throw new RangeError('the scale is broken');
        }),
      });
      const letters = await eventually(async () => {
        const list = await service.deadLetters.list();
        return list.length === 2 && list;
      });
      await settled(room, 1);
      expect(letters.map(({ state, code }) => ({ state, code }))).toEqual([
        { state: 'parked', code: 'handler.failed' },
        { state: 'queued', code: null },
      ]);
      expect(letters[0]?.reason).toContain('RangeError: the scale is broken');
      expect(service.calls.filter((call) => call.join() === 'A:1')).toHaveLength(5);
      expect(await room.stepsOf('E')).toEqual([1]);
    });

    it('handles a message that succeeds at a later try before the later ones of its key', async () => {
      const room = await bed.room();
      await room.send(moved('A', 1), moved('A', 2), moved('A', 3));
      let left = 4;
      const { deadLetters } = await room.start({
        behaviour: failing(is('A', 2), () => {
          left -= 1;
          if (left > 0) throw new Error('not yet');
        }),
      });
      await settled(room, 3);
      expect(await room.stepsOf('A')).toEqual([1, 2, 3]);
      expect(await deadLetters.list()).toEqual([]);
    });

    it('queues what comes later for a parked key, also after a restart', async () => {
      const room = await bed.room();
      const behaviour = failing(is('A', 1), refuse);
      const first = await room.start({ behaviour });
      await room.send(moved('A', 1));
      await eventually(async () => (await first.deadLetters.list()).length === 1);
      await first.close();
      const second = await room.start({ behaviour });
      await room.send(moved('A', 2), moved('B', 1), moved('A', 3));
      await settled(room, 1);
      const letters = await eventually(async () => {
        const list = await second.deadLetters.list();
        return list.length === 3 && list;
      });
      expect(letters.map(({ state }) => state)).toEqual(['parked', 'queued', 'queued']);
      expect(await room.stepsOf('A')).toEqual([]);
    });

    it('parks nothing while the database is away, and handles everything once afterwards', async () => {
      const room = await bed.room();
      const proxy = await room.cuttable();
      let cut = false;
      const service = await room.start({
        url: proxy.url,
        retry: { tries: 2, overMs: 20 },
        behaviour: {
          handle: (messages) => {
            if (cut || !messages.some(is('C', 1))) return;
            cut = true;
            proxy.cut();
          },
        },
      });
      await room.send(...['A', 'B', 'C', 'D', 'E'].flatMap((key) => [moved(key, 1), moved(key, 2)]));
      await eventually(() => cut && service.lines.some(({ message }) => message.includes('outage')));
      expect(await room.database.query(`SELECT id FROM ${room.schema}.dead_letters`)).toEqual([]);
      proxy.resume();
      await settled(room, 10);
      for (const key of ['A', 'B', 'C', 'D', 'E']) expect(await room.stepsOf(key)).toEqual([1, 2]);
      expect(await service.deadLetters.list()).toEqual([]);
    });

    it('tries a batch again whole, however often, while its transactions meet others', async () => {
      const room = await bed.room();
      await room.send(moved('A', 1), moved('A', 2), moved('A', 3));
      let left = 4;
      const service = await room.start({
        retry: { tries: 2, overMs: 10 },
        behaviour: {
          handle: async (_messages, tx) => {
            left -= 1;
            if (left > 0) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40P01'; END $$`);
          },
        },
      });
      await settled(room, 3);
      expect(service.calls.slice(1).every((call) => call.length >= (service.calls[0]?.length ?? 0))).toBe(
        true,
      );
      expect(service.calls.filter((call) => call.length === 3).length).toBeGreaterThanOrEqual(1);
      expect(await service.deadLetters.list()).toEqual([]);
      expect(await room.stepsOf('A')).toEqual([1, 2, 3]);
    });

    it('copies a parked message to the dead-letter topic of its group', async () => {
      const room = await bed.room();
      await room.start({ behaviour: failing(is('A', 1), refuse) });
      await room.send(moved('A', 1));
      const [copy] = await eventually(async () => {
        const log = await room.bus.log('parcel-service.dead.v1');
        return log.length > 0 && log;
      });
      expect(copy).toMatchObject({
        key: 'A',
        value: '{"number":"A","step":1}',
        headers: {
          ce_type: 'parcel.moved',
          samlast_dead_code: 'parcel.refused',
          samlast_dead_topic: Parcels.name,
        },
      });
    });

    it('fails the transaction that wants to publish an event too large for its topic', async () => {
      const room = await bed.room();
      const service = await room.start({
        behaviour: {
          answer: ([first]) =>
            first?.key === 'A' ? [large('A')] : [ParcelWeighed.of({ number: 'B', step: 1 })],
        },
      });
      const publishing = service.unitOfWork.run(async () => ({ events: [large('C')], answer: undefined }));
      await expect(publishing).rejects.toThrow(/parcel.weighed for C has 100\d\d\d bytes/);
      await room.send(moved('A', 1), moved('B', 1));
      await eventually(async () => (await room.bus.log(Weights.name)).length === 1);
      const [letter] = await eventually(async () => {
        const list = await service.deadLetters.list();
        return list.length > 0 && list;
      });
      expect(letter).toMatchObject({ key: 'A', code: 'event.too-large' });
      expect(await room.stepsOf('A')).toEqual([]);
    });

    it('parks a message whose handler does not answer with a list of events', async () => {
      const room = await bed.room();
      const { deadLetters } = await room.start({
        retry: { tries: 2, overMs: 20 },
        behaviour: { answer: () => 'nothing' as never },
      });
      await room.send(moved('A', 1));
      const [letter] = await eventually(async () => {
        const list = await deadLetters.list();
        return list.length > 0 && list;
      });
      expect(letter?.reason).toContain(
        'FollowParcels.onParcels must return the events to publish as an array',
      );
    });
  });

  describe('bad messages', () => {
    const cases: [string, (good: Sent) => Sent, string, RegExp][] = [
      [
        'a type that no contract knows',
        (good) => ({ ...good, headers: { ...good.headers, ce_type: 'parcel.flown' } }),
        'message.unknown-type',
        /'parcel.flown' \(header ce_type\) is in no contract \(from samlast\/parcel-test, wms.parcels.v1/,
      ],
      [
        'a text that only looks like JSON',
        (good) => ({ ...good, value: '{"number": Z' }),
        'message.not-json',
        /is not JSON/,
      ],
      [
        'a first byte of 0',
        (good) => ({ ...good, value: Buffer.from([0, 1, 2, 3]) }),
        'message.not-json',
        /is not JSON/,
      ],
      ['no value at all', (good) => ({ ...good, value: null }), 'message.not-json', /is empty/],
      [
        'a field that does not fit its contract',
        (good) => ({ ...good, value: '{"number":"Z","step":"one"}' }),
        'message.invalid',
        /data\.step .*from samlast\/parcel-test, wms\.parcels\.v1 partition \d offset \d.*Correct the sender/,
      ],
      [
        'headers that are missing',
        (good) => ({ ...good, headers: {} }),
        'message.headers',
        /Missing on the message: ce_specversion, ce_id, ce_type, ce_source, ce_time/,
      ],
      [
        'a type of another topic',
        (good) => ({ ...good, headers: { ...good.headers, ce_type: 'parcel.weighed' } }),
        'message.wrong-topic',
        /parcel\.weighed belongs on wms\.weights\.v1/,
      ],
    ];
    for (const [what, spoil, code, reason] of cases) {
      it(`parks a message with ${what}, and goes on`, async () => {
        const room = await bed.room();
        const { letter } = await parkedOf(room, spoil(sent(moved('Z', 1))));
        expect(letter).toMatchObject({ state: 'parked', key: 'Z', code });
        expect(letter?.reason).toMatch(reason);
      });
    }

    it('parks a message whose schema throws, and the consumer lives on', async () => {
      const room = await bed.room();
      const bad = { ...sent(moved('Z', 1)), value: '{"number":"Z"}' };
      const { letter, service } = await parkedOf(room, {
        ...bad,
        headers: { ...bad.headers, ce_type: ParcelCursed.type },
      });
      expect(letter).toMatchObject({ key: 'Z', code: 'message.unreadable' });
      expect(letter?.reason).toContain('RangeError');
      await room.send(moved('Y', 1));
      await eventually(async () => (await room.stepsOf('Y')).length === 1);
      expect(service.progress.fault()).toBeUndefined();
    });

    it('parks messages without a key, each alone', async () => {
      const room = await bed.room();
      const { letter, service } = await parkedOf(room, { ...sent(moved('Z', 1)), key: null });
      expect(letter).toMatchObject({ key: null, code: 'message.headers' });
      await room.send({ ...sent(moved('Y', 1)), key: null });
      await eventually(async () => (await service.deadLetters.list()).length === 2);
      expect((await service.deadLetters.list()).map(({ state }) => state)).toEqual(['parked', 'parked']);
    });
  });
}
