import { describe, expect, it } from '@jest/globals';
import type { Event } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { type Bed, Gate } from './bed.ts';
import { type Behaviour, ParcelMoved } from './parcels.ts';

/** A (1) and D (0) are in different partitions of three. */
export const inTwoPartitions = ['A', 'D'].map((number) => ParcelMoved.of({ number, step: 1 }));

/** A room whose service is known to be quick: from then on a batch may span partitions. */
export async function warm(bed: Bed, behaviour: Behaviour, retry = { tries: 5, overMs: 300 }) {
  const room = await bed.room();
  const service = await room.start({ behaviour, retry });
  await room.send(ParcelMoved.of({ number: 'D', step: 0 }));
  await eventually(async () => (await room.stepsOf('D')).length === 1);
  return { room, service };
}

/** A batch over several partitions holds up none of them for another's sake (decision 0009). */
export function spansContract(bed: Bed): void {
  describe('a batch over several partitions', () => {
    it('goes on with what comes in other partitions while a batch over some is busy', async () => {
      const gate = new Gate();
      const { room, service } = await warm(bed, {
        handle: (messages) => (messages.some(({ key }) => key === 'A') ? gate.opened : undefined),
      });
      try {
        await room.send(inTwoPartitions[0] as Event);
        // What is heard together is one batch: these are to come after it has begun.
        await eventually(() => service.calls.flat().includes('A:1'));
        await room.send(...[1, 2].map((step) => ParcelMoved.of({ number: 'D', step })));
        await eventually(async () => (await room.stepsOf('D')).length === 3);
        expect(await room.stepsOf('A')).toEqual([]);
      } finally {
        gate.open();
      }
      await eventually(async () => (await room.stepsOf('A')).length === 1);
    });

    it('lets the other partitions of a batch go on while one of its messages is tried again', async () => {
      const refusing: Behaviour = {
        handle: (messages) => {
          if (messages.some(({ key }) => key === 'A')) throw new Error('the scale is broken');
        },
      };
      // The next try is a minute away: what comes for D meanwhile must not wait for it.
      const { room, service } = await warm(bed, refusing, { tries: 2, overMs: 60_000 });
      await room.send(...inTwoPartitions);
      await eventually(() => service.lines.some(({ message }) => message.includes('fails alone')));
      await room.send(ParcelMoved.of({ number: 'D', step: 2 }));
      await eventually(async () => (await room.stepsOf('D')).includes(2));
      expect(await room.stepsOf('D')).toEqual([0, 1, 2]);
      expect(await room.stepsOf('A')).toEqual([]);
      await service.close();
      await room.start();
      await eventually(async () => (await room.stepsOf('A')).length === 1);
    });
  });
}
