// What is checked of each model. `wrong` are variants that must give a counterexample: -DVARIANT_<name>; `reached` are
// things that must be able to happen, so that no model holds because nothing happens in it: -DREACH_<name>.
const correct = { says: 'correct', defines: [] };
const wrongLeases = ['GIVEN_BEFORE_CONFIRMED'];
const reachedByLeases = ['SOLD_OUT', 'CLAIMED', 'TRANSFER'];

export const models = [
  {
    name: 'watermark',
    holds: [
      correct,
      // Rule 2 keeps orders from being called short. That no piece is sold twice does not hang on it.
      { says: 'three orders, one read', defines: ['ORDERS=3', 'READS=1'] },
      { says: 'topics race, no oversell', defines: ['VARIANT_READ_OVERTAKES', 'ONLY_OVERSELLING'] },
    ],
    wrong: [
      'ACCEPTED_IS_CONTAINED',
      'IN_FLIGHT_IS_CONTAINED',
      'RELEASED_WHEN_ASKED',
      'ANSWER_OF_ANY_REVISION',
      'SHORT_BEYOND_LOW',
      'READ_OVERTAKES',
    ],
    reached: ['RESERVED_AFTER_CANCEL', 'SHORT', 'WAITING', 'QUIET'],
  },
  {
    name: 'claim',
    holds: [
      correct,
      {
        says: 'three buyers, two pieces',
        defines: ['BUYERS=3', 'PIECES=2', 'LOST=0', 'STRAGGLERS=0'],
      },
    ],
    wrong: [
      'EXPIRE_IGNORES_VERSION',
      'CONFIRMED_EXPIRES',
      'LATE_CONFIRM_BELIEVED',
      'SECOND_SET',
      'RELEASED_TWICE',
      'RELEASED_EARLY',
      'FACT_OVERTAKES_ORDER',
      'NEVER_RELEASED',
    ],
    reached: ['PAID', 'ORDER', 'CLAIMED_AGAIN', 'LATE_CONFIRM', 'RELEASED'],
  },
  {
    name: 'lease-compare-and-set',
    holds: [correct, { says: 'three levels, none lost', defines: ['VERSIONS=3', 'LOST=0'] }],
    wrong: [...wrongLeases, 'UNCONDITIONAL', 'WRITE_REPEATED', 'NO_FENCE', 'WRITTEN_AFTER_REPORT'],
    reached: reachedByLeases,
  },
  {
    name: 'lease-absolute',
    holds: [correct, { says: 'four levels, two lost', defines: ['VERSIONS=4', 'LOST=2'] }],
    wrong: [...wrongLeases, 'NO_FENCE', 'HELD_AS_THE_LARGER', 'OLDER_WRITE_FORGOTTEN', 'WRITE_REPEATED'],
    reached: reachedByLeases,
  },
  {
    name: 'lease-stocked',
    holds: [correct],
    wrong: [...wrongLeases, 'NO_READ_BACK', 'FULFILLED_READ_FIRST', 'FULFILLED_MEANWHILE'],
    reached: reachedByLeases,
  },
  {
    name: 'lease-relative',
    holds: [correct],
    wrong: [...wrongLeases, 'WRITE_REPEATED'],
    reached: reachedByLeases,
  },
  {
    name: 'lease-protection',
    holds: [
      correct,
      { says: 'three levels, none put back', defines: ['VERSIONS=3', 'PUT_BACK=0', 'ANCHORS=0'] },
      { says: 'without two conditions', defines: ['SIMPLER', 'ANCHORS=2'] },
    ],
    wrong: [
      'NOTHING_PROTECTED',
      'EVERYTHING_PROTECTED',
      'UNGRANTED_PROTECTED',
      'SWITCH_DROPS',
      'SWITCH_PROTECTS',
      'ANY_REPORT',
      'UNFENCED',
    ],
    reached: ['SHORT', 'GRANTED_LATER', 'SOLD_BY_BOTH'],
  },
  {
    name: 'whole',
    holds: [correct],
    wrong: [
      'ACCEPTED_IS_CONTAINED',
      'WAITING_BY_AGE',
      'NOTHING_PROTECTED',
      'GIVEN_BEFORE_CONFIRMED',
      'EXPIRE_IGNORES_VERSION',
    ],
    reached: ['WAITING', 'TRANSFER'],
  },
];
