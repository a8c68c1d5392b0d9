/*
 * Leases of two shops that are written by compare-and-set (design 6.3, rule 9 of 6.6): a write says which number it found,
 * and is refused when the number has changed since. Pieces move from one shop to the other.
 */
#ifndef PIECES
#define PIECES 2
#endif
#define SHOPS 2
#ifndef VERSIONS
#define VERSIONS 2
#endif
#ifndef LOST
#define LOST 1
#endif

byte number[SHOPS]; /* what buyers can take */

#define OFFERED(s) number[s]
#define MOST(hold, target, counted) LARGER(hold, target)

inline sell(s) {
  number[s]--
}

#include "lease-authority.pml"

proctype channel(byte s) {
  byte version, target, allowance, from, to;
end:
  do
  :: atomic {
      version < account[s].issued ->
      take_level(s, version, target)
    }
look:
    /* As only buyers and this channel change the number, it tells how many were sold. */
    atomic {
      from = number[s];
      to = (target > allowance - from -> target - (allowance - from) : 0);
      printf("channel %d: sees %d, wants to write %d\n", s, from, to)
    }
write:
    if
#ifdef VARIANT_UNCONDITIONAL
    :: atomic { number[s] = to; printf("shop %d: shows %d\n", s, to) }
#else
    :: atomic { number[s] == from -> number[s] = to; printf("shop %d: shows %d\n", s, to) }
    :: atomic { number[s] != from -> printf("shop %d: refuses, the number has changed\n", s); goto look }
#endif
    :: atomic { lost > 0 -> lost--; printf("channel %d: the request got lost\n", s); goto unknown }
    fi;
    if
    :: atomic { lost > 0 -> lost--; printf("channel %d: the answer got lost\n", s); goto unknown }
    :: atomic {
        allowance = allowance - from + to;
        reports[s]!version,allowance;
        target = 0;
        from = 0;
        to = 0
      }
      goto end
    fi;
unknown:
    /* Nobody knows whether it was written: read the number, then the feed past that reading. */
#ifdef VARIANT_WRITE_REPEATED
    goto write;
#endif
    atomic { from = number[s]; to = 0 }
#ifndef VARIANT_NO_FENCE
    atomic { in_feed[s] = sold[s]; printf("channel %d: has read %d orders\n", s, sold[s]) }
#endif
    atomic {
      allowance = in_feed[s] + from;
      from = 0;
      printf("channel %d: at most %d allowed\n", s, allowance)
    }
    if
    :: goto look /* The level's hold still stands. */
    :: atomic { reports[s]!version,allowance }
#ifdef VARIANT_WRITTEN_AFTER_REPORT
      goto look
#endif
    fi
  od
}

init {
  atomic { start() }
}
