/*
 * A lease of a shop that subtracts its own reservations (design 6.3, Medusa): it offers what is stocked less what is
 * reserved, an order reserves, and a fulfilment takes its pieces from both. Written is what is stocked.
 */
#ifndef PIECES
#define PIECES 3
#endif
#define SHOPS 1
#ifndef VERSIONS
#define VERSIONS 3
#endif
#ifndef LOST
#define LOST 1
#endif

short stocked[SHOPS]; /* below zero when an order was sold before its pieces were taken away */
byte reserved[SHOPS];
byte fulfilled[SHOPS];
byte told[SHOPS]; /* fulfilments that the channel has begun to tell its shop of */
bool busy[SHOPS]; /* the channel fulfils or writes, one at a time */

#define OFFERED(s) (stocked[s] - reserved[s])
#define MOST(hold, target, counted) LARGER(hold, target)

inline sell(s) {
  reserved[s]++
}

#include "lease-authority.pml"

inline fulfil(s) {
  stocked[s]--;
  reserved[s]--;
  fulfilled[s]++;
  printf("shop %d: fulfils an order\n", s)
}

/* Only orders that were read can be fulfilled. */
proctype parcels(byte s) {
end:
  do
#ifdef VARIANT_FULFILLED_MEANWHILE
  :: atomic { told[s] < in_feed[s] -> told[s]++ }
    atomic { fulfil(s) }
#else
  :: atomic { told[s] < in_feed[s] && !busy[s] -> busy[s] = true; told[s]++ }
    atomic { fulfil(s); busy[s] = false }
#endif
  od
}

proctype channel(byte s) {
  byte version, target, open;
  short to;
end:
  do
  :: atomic {
      version < account[s].issued ->
      take_level(s, version, target)
    }
#ifndef VARIANT_FULFILLED_MEANWHILE
    atomic { !busy[s] -> busy[s] = true }
#endif
    atomic {
      to = (target > in_feed[s] -> target - in_feed[s] : 0);
      open = in_feed[s] - told[s]
    }
    /* A fulfilment that was not read yet has taken its pieces from both numbers. */
    atomic {
      to = to + (open < reserved[s] -> open : reserved[s]);
      open = 0;
      printf("channel %d: wants to write %d\n", s, to)
    }
    if
    :: atomic { stocked[s] = to; printf("shop %d: %d stocked, %d reserved\n", s, to, reserved[s]) }
#ifdef VARIANT_NO_READ_BACK
      atomic {
        to = LARGER(target, in_feed[s]);
        busy[s] = false;
        goto report
      }
#endif
    :: atomic { lost > 0 -> lost--; printf("channel %d: the request got lost\n", s) }
    fi;
    /* A lowered number does not undo sales, so what the shop allows is read, and only then what it has fulfilled. */
#ifdef VARIANT_FULFILLED_READ_FIRST
    atomic { to = fulfilled[s]; busy[s] = false }
    atomic { to = to + LARGER(stocked[s], reserved[s]) }
#else
    atomic { to = LARGER(stocked[s], reserved[s]); busy[s] = false }
    atomic { to = to + fulfilled[s] }
#endif
report:
    atomic {
      reports[s]!version,to;
      target = 0;
      to = 0
    }
  od
}

init {
  atomic {
    start();
    run parcels(0)
  }
}
