import { describe, expect, it } from '@jest/globals';
import { judgeCancel, judgePut, unlessLacking, type FoundOrder, type OurOrder } from './judge.ts';

const lines = [{ row: '1', article: 'TEE', quantity: '2' }];
const ours: OurOrder = { origin: 'test:SE:gid-1', lines, acceptedBefore: false };
const found: FoundOrder = { wmsOrderId: 7, origin: ours.origin, status: 300, cancelled: false, lines };

describe('what an order under our number says about a PUT', () => {
  it('lets it be made where there is none, and believes a refusal then', () => {
    expect(judgePut(undefined, ours)).toBe('write');
    expect(judgePut(undefined, ours, 'no such article')).toEqual({
      kind: 'refused',
      reason: 'wms',
      text: 'no such article',
    });
  });

  it('never lets it touch an order of another origin, or of none', () => {
    for (const origin of [undefined, 'test:SE:gid-2', 'other:SE:gid-1', 'test:EU:gid-1']) {
      expect(judgePut({ ...found, origin }, ours)).toMatchObject({ kind: 'refused', reason: 'foreign' });
      expect(judgePut({ ...found, origin }, ours, 'too late')).toMatchObject({
        kind: 'refused',
        reason: 'foreign',
      });
    }
  });

  it('takes a refused or unanswered PUT as accepted where it is found to have been carried out', () => {
    expect(judgePut(found, ours)).toEqual({ kind: 'accepted', wmsId: 7 });
    expect(judgePut(found, ours, 'picking has begun')).toEqual({ kind: 'accepted', wmsId: 7 });
  });

  it('does not take a change for written because the revision whose place it took turns out to be there', () => {
    const change = { ...ours, isChange: true, sentBefore: false };
    expect(judgePut(found, change)).toBe('write');
    expect(judgePut(found, { ...change, sentBefore: true })).toMatchObject({ kind: 'accepted' });
    expect(judgePut(found, change, 'it was carried out, and its answer is odd')).toMatchObject({
      kind: 'accepted',
    });
    // A first revision that this database does not know to be sent, as after a restore, is not written over edits.
    expect(judgePut(found, { ...change, isChange: false })).toMatchObject({ kind: 'accepted' });
  });

  it('does not write over what the warehouse has edited since', () => {
    const edited = { ...found, lines: [{ row: '1', article: 'TEE', quantity: '1' }] };
    expect(judgePut(edited, ours)).toEqual({ kind: 'accepted', wmsId: 7 });
  });

  it('takes a cancelled order as cancelled', () => {
    expect(judgePut({ ...found, cancelled: true }, ours, 'it is cancelled')).toEqual({
      kind: 'cancelled',
      by: 'warehouse',
    });
  });

  it('tells a change that came too late from one that was carried out', () => {
    const change = { ...ours, acceptedBefore: true, lines: [{ row: '1', article: 'TEE', quantity: '3' }] };
    expect(judgePut(found, change)).toBe('write');
    expect(judgePut(found, change, 'picking has begun')).toMatchObject({
      kind: 'refused',
      reason: 'too-late',
    });
    expect(judgePut({ ...found, lines: change.lines }, change, 'picking has begun')).toMatchObject({
      kind: 'accepted',
    });
  });
});

describe('a change that has the lines that are there already', () => {
  const change = { ...ours, acceptedBefore: true };

  it('is written all the same while it was never sent: it may change an address', () => {
    expect(judgePut(found, { ...change, sentBefore: false })).toBe('write');
    expect(judgePut(found, { ...change, sentBefore: true })).toMatchObject({ kind: 'accepted' });
  });

  it('is too late where it is refused at its first try', () => {
    expect(judgePut(found, { ...change, sentBefore: false }, 'picking has begun')).toMatchObject({
      kind: 'refused',
      reason: 'too-late',
    });
  });
});

describe('a change of an order that people of the warehouse have changed', () => {
  const change = { ...ours, acceptedBefore: true, sentBefore: false, there: lines };
  const wanted = [{ row: '1', article: 'TEE', quantity: '5' }];
  const edited = [{ row: '1', article: 'TEE', quantity: '1' }];

  it('is not written over theirs', () => {
    expect(judgePut({ ...found, lines: edited }, { ...change, lines: wanted })).toMatchObject({
      kind: 'refused',
      reason: 'too-late',
      text: expect.stringContaining('People of the warehouse'),
    });
    expect(judgePut(found, { ...change, lines: wanted })).toBe('write');
    // Nor where the edit was told meanwhile: the change may have been made before its sender heard of that.
    const told = { ...change, there: edited, edited: true };
    expect(judgePut({ ...found, lines: edited }, { ...told, lines: wanted })).toMatchObject({
      kind: 'refused',
      reason: 'too-late',
    });
    expect(judgePut({ ...found, lines: edited }, { ...told, lines: edited })).toBe('write');
    const sameInOtherWords = [{ row: '1', article: 'TEE', quantity: '2.0' }];
    expect(judgePut({ ...found, lines: sameInOtherWords }, { ...change, lines: wanted })).toBe('write');
  });
});

describe('a change of which the lines are there', () => {
  const accepted = { kind: 'accepted', wmsId: 7 } as const;
  const change = { ...ours, acceptedBefore: true };

  it('is done where the rest is there, written again where it is not, and too late where that was refused', () => {
    expect(unlessLacking(accepted, change, true)).toBe(accepted);
    expect(unlessLacking(accepted, change, false)).toBe('write');
    expect(unlessLacking(accepted, change, false, 'goods have come')).toMatchObject({ reason: 'too-late' });
    // A first revision is no change: what differs, people of the warehouse have made so.
    expect(unlessLacking(accepted, ours, false)).toBe(accepted);
  });
});

describe('what an order under our number says about a cancel', () => {
  const cancelled = { kind: 'cancelled', by: 'channel' };

  it('needs none where the order is cancelled, gone, or not ours', () => {
    expect(judgeCancel({ ...found, cancelled: true }, ours.origin, 300, 'refused')).toEqual(cancelled);
    expect(judgeCancel(undefined, ours.origin, 300)).toEqual(cancelled);
    expect(judgeCancel({ ...found, origin: undefined }, ours.origin, 300)).toEqual(cancelled);
  });

  it('is made where the order stands, and a refusal is told with its status', () => {
    expect(judgeCancel(found, ours.origin, 300)).toBe('write');
    expect(judgeCancel({ ...found, status: 400 }, ours.origin, 300, 'picked')).toEqual({
      kind: 'cancel-refused',
      reason: 'too-late',
      text: 'picked (status 400)',
    });
    expect(judgeCancel({ ...found, status: 200 }, ours.origin, 300, 'no')).toMatchObject({
      reason: 'unknown',
    });
  });
});
