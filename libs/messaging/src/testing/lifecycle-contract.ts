import { describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { type Bed, Gate } from './bed.ts';
import { ParcelMoved, Parcels } from './parcels.ts';

const moved = (number: string, step: number) => ParcelMoved.of({ number, step });

/** How a service on any transport starts, ends, and says that it does not move. */
export function lifecycleContract(bed: Bed): void {
  describe('lifecycle', () => {
    it('finishes the batch in work when it ends, and does not deliver it again', async () => {
      const room = await bed.room();
      const gate = new Gate();
      const first = await room.start({ behaviour: { handle: () => gate.opened } });
      await room.send(moved('A', 1));
      await eventually(() => first.calls.length === 1);
      const closing = first.close();
      gate.open();
      const start = performance.now();
      await closing;
      expect(performance.now() - start).toBeLessThan(2_000);
      expect(await room.stepsOf('A')).toEqual([1]);
      const second = await room.start();
      await room.send(moved('A', 2));
      await eventually(async () => (await room.stepsOf('A')).length === 2);
      expect(second.calls.flat()).toEqual(['A:2']);
      expect(second.progress.counts.duplicates).toBe(0);
    });

    it('ends well under two seconds when it is idle', async () => {
      const room = await bed.room();
      const service = await room.start();
      await room.send(moved('A', 1));
      await eventually(async () => (await room.stepsOf('A')).length === 1);
      const start = performance.now();
      await service.close();
      expect(performance.now() - start).toBeLessThan(1_500);
    });

    it('ends in the middle of an outage, and the next start handles what was left', async () => {
      const room = await bed.room();
      const proxy = await room.cuttable();
      const first = await room.start({
        url: proxy.url,
        behaviour: { handle: () => proxy.cut() },
      });
      await room.send(moved('A', 1));
      await eventually(() => first.lines.some(({ message }) => message.includes('outage')));
      await first.close();
      proxy.resume();
      await room.start();
      await eventually(async () => (await room.stepsOf('A')).length === 1);
      expect(await room.stepsOf('A')).toEqual([1]);
    });

    it('turns not ready, and then ends the process, when messages wait and none is settled', async () => {
      const room = await bed.room();
      const gate = new Gate();
      const reasons: string[] = [];
      try {
        const { progress } = await room.start({
          standstillMs: 400,
          onStandstill: (reason) => reasons.push(reason),
          behaviour: { handle: () => gate.opened },
        });
        expect(progress.fault()).toBeUndefined();
        await room.send(moved('A', 1));
        const fault = await eventually(() => progress.fault());
        expect(fault).toMatch(new RegExp(`1 messages wait on ${Parcels.name} partition 1 at offset 0`));
        expect(reasons).toEqual([]);
        await eventually(() => reasons.length > 0);
        expect(reasons).toEqual([fault]);
      } finally {
        gate.open();
      }
    });

    it('stays ready while it is idle and while it works, and counts what waits', async () => {
      const room = await bed.room();
      const reasons: string[] = [];
      const { progress } = await room.start({
        standstillMs: 200,
        onStandstill: (reason) => reasons.push(reason),
      });
      for (let step = 1; step <= 20; step += 1) {
        await room.send(moved('A', step));
        await eventually(async () => (await room.stepsOf('A')).length === step);
        expect(progress.fault()).toBeUndefined();
      }
      expect(reasons).toEqual([]);
      await eventually(async () => (await progress.figures()).lag === 0);
      expect(await progress.figures()).toEqual({ lag: 0, unsent: 0, deadLetters: 0 });
    });

    it('is not ready in a database outage, and does not end the process for it', async () => {
      const room = await bed.room();
      const proxy = await room.cuttable();
      const reasons: string[] = [];
      const { progress } = await room.start({
        url: proxy.url,
        standstillMs: 200,
        onStandstill: (reason) => reasons.push(reason),
      });
      proxy.cut();
      await room.send(moved('A', 1));
      const fault = await eventually(() => progress.fault());
      expect(fault).toContain('does not answer');
      // Five times as long as a standstill may last.
      const until = performance.now() + 1_000;
      await eventually(() => performance.now() > until);
      expect(reasons).toEqual([]);
      proxy.resume();
      await eventually(async () => (await room.stepsOf('A')).length === 1);
      await eventually(() => progress.fault() === undefined);
    });

    it('consumes under exactly the name of its group', async () => {
      const room = await bed.room();
      await room.start({ group: 'parcel-service' });
      await room.send(moved('A', 1));
      await eventually(async () => (await room.stepsOf('A')).length === 1);
      const groups = await room.bus.groups();
      expect(groups).toEqual([`${room.bus.options.topicPrefix}parcel-service`]);
    });

    it('starts twice at the same moment on an empty database', async () => {
      const room = await bed.room();
      await Promise.all([
        room.start(),
        room.start(),
        room.start({ schema: `${room.schema}_b`, consumes: false }),
      ]);
      await room.send(moved('A', 1));
      await eventually(async () => (await room.stepsOf('A')).length === 1);
    });
  });
}
